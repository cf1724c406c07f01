import { afterEach, describe, expect, it } from 'vitest';
import {
  type Client,
  type ClientOptions,
  type CodeRequest,
  createClient,
  type Fetch,
  type Session,
} from '../../../clients/typescript/src/index.ts';
import { useApi } from '../../support/e2e.ts';
import { bobsSeed, codeNow, codesNow, nextCodeWindow, stepUp, wrongCode } from '../../support/e2e-flows.ts';
import type { SigningKeys } from '../../support/sign.ts';
import { userKeys } from '../../support/stack.ts';
import { staffSession } from '../../support/staff.ts';
import { totpAt } from '../../support/totp.ts';
import { failureOf } from './fake-api.ts';

const api = useApi();
/** Every error text from clients, to check that it shows no secret. */
const thrown: string[] = [];
afterEach(() => {
  expect(api.secrets.leaksIn(thrown.join('\n'))).toEqual([]);
});

/** A client whose secrets are all recorded, and whose user the audit trail may name. */
function clientOf(credentials: SigningKeys, options: Partial<ClientOptions> = {}): Client {
  api.sign(credentials, 'GET', '/v1/me');
  const fetch: Fetch = async (url, request) => {
    api.secrets.noteRequest({ Authorization: request.headers['authorization'] ?? '' }, request.body ?? '');
    const response = await globalThis.fetch(url, request);
    api.secrets.noteAnswer(await response.clone().text());
    return response;
  };
  return createClient({ url: api.stack.apiUrl, credentials, retries: 0, fetch, ...options });
}

/** A seeded user with a device that has this seed. */
const userWith = (name: string, seed: string, options: Partial<ClientOptions> = {}): Client =>
  clientOf(userKeys(name), { code: () => codeNow(api, seed), ...options });

async function refused(promise: Promise<unknown>): Promise<unknown> {
  const error = await failureOf(promise);
  thrown.push(String(error), JSON.stringify(error));
  return error;
}

/** Enrols a first device, which STS does not know yet. */
async function enrol(client: Client, name: string): Promise<string> {
  const { base32Seed } = await client.createFirstMfaDevice({ name });
  await client.enableFirstMfaDevice({ deviceId: name, ...codesNow(api, base32Seed) });
  return base32Seed;
}

describe('a user', () => {
  it('enrols a first device, adds a second with a step-up, and replaces the first', async () => {
    const alice = clientOf(userKeys('alice'));
    expect(await alice.getMe()).toMatchObject({ userName: 'alice', mfa: { active: 0, pending: 0 } });
    const seed = await enrol(alice, 'phone');
    api.stack.clock.advance(60);

    const asked: CodeRequest[] = [];
    const sessions: Session[] = [];
    const client = clientOf(userKeys('alice'), {
      code: (request) => {
        asked.push(request);
        return { code: codeNow(api, seed), deviceId: 'phone' };
      },
      onSession: (session) => sessions.push(session),
    });
    const { base32Seed } = await client.createMfaDevice({ name: 'tablet', label: 'The old tablet' });
    const enabled = await client.enableMfaDevice({
      deviceId: 'tablet',
      ...codesNow(api, base32Seed),
      replaces: 'phone',
    });
    expect(enabled).toMatchObject({ id: 'tablet', status: 'active' });
    expect((await client.listMfaDevices()).items.map(({ id }) => id)).toEqual(['tablet']);
    expect(
      await client.tagMfaDevice({ deviceId: 'tablet', tags: { 'cost centre': 'a+b', team: 'x' } }),
    ).toEqual({
      tags: { 'cost centre': 'a+b', team: 'x' },
    });
    const tags = JSON.parse('{"__proto__":"z"}');
    const tagged = await client.tagMfaDevice({ deviceId: 'tablet', tags });
    expect(Object.entries(tagged.tags)).toContainEqual(['__proto__', 'z']);
    await client.untagMfaDevice({ deviceId: 'tablet', key: ['cost centre', '__proto__'] });
    expect(await client.updateMfaDevice({ deviceId: 'tablet', label: null })).toMatchObject({
      tags: { team: 'x' },
    });
    expect(asked.map(({ devices }) => devices.map(({ id }) => id))).toEqual([['phone']]);
    expect(sessions).toEqual([expect.objectContaining({ accessKeyId: expect.stringMatching(/^ASIA/) })]);
  });

  it('gets the QR code as an image and as text', async () => {
    const alice = clientOf(userKeys('alice'));
    const png = await alice.createFirstMfaDevice({ name: 'phone' }, { accept: 'image/png' });
    expect([...png.slice(1, 4)]).toEqual([...Buffer.from('PNG')]);
    expect(await alice.createFirstMfaDevice({ name: 'phone' }, { accept: 'image/svg+xml' })).toMatch(/^<svg/);
    expect(await alice.createFirstMfaDevice({ name: 'phone' }, { accept: 'text/plain' })).toContain('█');
  });

  it('waits until STS knows a recently enabled device', async () => {
    const seed = await enrol(clientOf(userKeys('alice')), 'phone');
    const alice = userWith('alice', seed);
    expect(await refused(alice.createMfaDevice({ name: 'tablet' }))).toMatchObject({
      code: 'device-not-ready',
      retryAfter: expect.any(Number),
    });
    api.stack.clock.advance(60);
    expect(await alice.createMfaDevice({ name: 'tablet' })).toMatchObject({ id: 'tablet' });
  });
});

describe('a step-up', () => {
  it('is shared by concurrent calls: STS issues one session', async () => {
    const bob = userWith('bob', bobsSeed);
    const names = ['one', 'two', 'three', 'four'];
    const ends = await Promise.allSettled(names.map((name) => bob.createMfaDevice({ name })));
    // The devices themselves are created one at a time.
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : []));
    expect(refusals.every((code) => code === 'busy')).toBe(true);
    expect(refusals.length).toBeLessThan(names.length);
    expect(api.called().filter((operation) => operation === 'GetSessionToken')).toHaveLength(1);
  });

  it('asks for another code if one is wrong', async () => {
    nextCodeWindow(api);
    const problems: unknown[] = [];
    const code = ({ problem, attempt }: CodeRequest): string => {
      problems.push(problem?.code);
      return attempt === 1 ? wrongCode(api, bobsSeed) : codeNow(api, bobsSeed);
    };
    await userWith('bob', bobsSeed, { code }).createMfaDevice({ name: 'tablet' });
    expect(problems).toEqual([undefined, 'invalid-authentication-code']);
    const always = userWith('bob', bobsSeed, { code: () => wrongCode(api, bobsSeed) });
    expect(await refused(always.createMfaDevice({ name: 'other' }))).toMatchObject({
      code: 'invalid-authentication-code',
      status: 422,
    });
  });

  it('is repeated when the session is too old by the clock of AWS', async () => {
    let asked = 0;
    const code = (): string => {
      asked += 1;
      return totpAt(bobsSeed, api.stack.clock.now());
    };
    const bob = userWith('bob', bobsSeed, { code });
    await bob.createMfaDevice({ name: 'one' });
    api.stack.clock.advance(1000);
    await bob.createMfaDevice({ name: 'two' });
    expect(asked).toBe(2);
  });

  it('is not needed with an existing MFA session, and not possible with one that is too old', async () => {
    const own = stepUp(api, 'bob');
    const code = () => codeNow(api, bobsSeed);
    await clientOf(own, { code }).createMfaDevice({ name: 'tablet' });
    api.stack.clock.advance(1000);
    expect(await refused(clientOf(own, { code }).createMfaDevice({ name: 'other' }))).toMatchObject({
      name: 'StepUpError',
      reason: 'temporary-credentials',
      cause: { code: 'access-denied' },
    });
  });

  it('needs a device', async () => {
    const error = await refused(userWith('alice', bobsSeed).createMfaDevice({ name: 'tablet' }));
    expect(error).toMatchObject({ name: 'StepUpError', reason: 'no-device' });
  });

  it('can be aborted', async () => {
    const controller = new AbortController();
    const code = (): Promise<string> => {
      controller.abort();
      return new Promise(() => undefined);
    };
    const bob = userWith('bob', bobsSeed, { code });
    const { signal } = controller;
    expect(await refused(bob.createMfaDevice({ name: 'x' }, { signal }))).toMatchObject({
      name: 'AbortError',
    });
    expect(api.called()).not.toContain('GetSessionToken');
  });
});

describe('problems', () => {
  it('are those sent by the API', async () => {
    const alice = clientOf(userKeys('alice'));
    expect(await refused(alice.createFirstMfaDevice({ name: 'not a name' }))).toMatchObject({
      code: 'validation-failed',
      errors: [{ pointer: '/body/name', detail: expect.any(String) }],
    });
    expect(await refused(alice.getMfaDevice({ deviceId: 'none' }))).toMatchObject({
      code: 'device-not-found',
      status: 404,
      requestId: expect.stringMatching(/^[\w-]{36}$/),
    });
    const stranger = clientOf({ ...userKeys('alice'), secretAccessKey: 'not-the-secret-of-alice' });
    expect(await refused(stranger.getMe())).toMatchObject({ code: 'unauthenticated', status: 403 });
  });

  it('end the removal of a last device', async () => {
    const bob = userWith('bob', bobsSeed);
    expect(await refused(bob.deleteMfaDevice({ deviceId: 'phone' }))).toMatchObject({ code: 'last-device' });
  });
});

describe('the help desk and auditors', () => {
  it('recover a user and list all users, with sessions of their roles', async () => {
    const [ann, pat, kim] = await Promise.all(
      ['ann', 'pat', 'kim'].map((name) => staffSession(api.stack, name)),
    );
    if (!ann || !pat || !kim) throw new Error('no staff');
    const ticket = { system: 'servicenow', id: 'INC0012345' };
    const { id } = await clientOf(ann).requestRecovery({ ticket, userName: 'bob', reason: 'lost' });
    expect((await userWith('bob', bobsSeed).listMyRecoveries()).items).toMatchObject([
      { id, state: 'requested' },
    ]);
    expect((await clientOf(pat).denyRecovery({ recoveryId: id })).state).toBe('denied');
    expect((await clientOf(pat).listRecoveries({ state: 'denied' })).items).toMatchObject([{ id }]);
    expect((await clientOf(kim).listUserMfaDevices({ userName: 'bob' })).items).toMatchObject([
      { name: 'phone' },
    ]);
    expect(await refused(clientOf(ann).approveRecovery({ recoveryId: id }))).toMatchObject({
      code: 'access-denied',
    });
  });
});

it('is open to anyone where the API is', async () => {
  const client = clientOf({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'the-secret-of-nobody' });
  expect(await client.getHealth()).toEqual({ status: 'ok' });
  expect((await client.getOpenapi()).openapi).toMatch(/^3\.1/);
});
