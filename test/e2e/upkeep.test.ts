import { describe, expect, it } from 'vitest';
import { useApi } from '../support/e2e.ts';
import {
  accountArn,
  askForSession,
  bobsPhone,
  bobsSeed,
  codeNow,
  codesNow,
  createFurther,
  enableFurther,
  foreignId,
  stepUp,
  tokenSeed,
} from '../support/e2e-flows.ts';
import { consecutiveTotps, totpAt } from '../support/totp.ts';

const api = useApi();
const token = 'GAHT00000001';
const hour = 3_600_000;

/** Codes from a device whose clock is an hour slow. */
const driftedCodes = (seed: string) => consecutiveTotps(seed, api.stack.clock.now() - hour);
const driftedCode = (seed: string) => totpAt(seed, api.stack.clock.now() - hour);

describe('resynchronising', () => {
  it('helps a user whose only device has drifted, with just an access key', async () => {
    const bob = { serialNumber: bobsPhone, seed: bobsSeed };
    const refused = await askForSession(api, 'bob', bob, driftedCode(bobsSeed));
    expect(refused.json()).toMatchObject({ status: 422, resyncMayHelp: true });

    const answer = await api.fetch('bob', 'POST', '/v1/me/resyncs', {
      deviceId: 'phone',
      ...driftedCodes(bobsSeed),
    });

    expect(answer.json()).toMatchObject({ id: 'phone', status: 'active' });
    const usableFrom = new Date(answer.json().usableForSessionsFrom).getTime();
    expect(usableFrom).toBeGreaterThan(api.stack.clock.now());
    api.stack.clock.advance(60);
    expect((await askForSession(api, 'bob', bob, driftedCode(bobsSeed))).status).toBe(201);
  });

  it('with just an access key is refused when another device could step up', async () => {
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    await enableFurther(api, stepUp(api, 'bob'), tablet);

    const body = { deviceId: 'phone', ...driftedCodes(bobsSeed) };
    const answer = await api.fetch('bob', 'POST', '/v1/me/resyncs', body);

    expect(answer.json()).toMatchObject({ status: 403, code: 'step-up-required', maxAgeSeconds: 900 });
    expect(api.called()).not.toContain('ResyncMFADevice');
    const { deviceId: _, ...codes } = body;
    const stepped = await api.fetch(stepUp(api, 'bob'), 'POST', '/v1/mfa-devices/phone/resync', codes);
    expect(stepped.status).toBe(200);
  });

  it('needs unused codes in order', async () => {
    const path = '/v1/mfa-devices/phone/resync';
    const codes = driftedCodes(bobsSeed);
    const reversed = { code1: codes.code2, code2: codes.code1 };

    expect((await api.fetch(stepUp(api, 'bob'), 'POST', path, reversed)).json()).toMatchObject({
      status: 422,
      code: 'invalid-authentication-code',
      retryAfter: expect.any(Number),
    });
    expect((await api.fetch(stepUp(api, 'bob'), 'POST', path, codes)).status).toBe(200);
    expect((await api.fetch(stepUp(api, 'bob'), 'POST', path, codes)).status).toBe(422);
  });

  it.each([
    ['a pending device', 'alice', 'phone', 404],
    ['another user’s device', 'alice', foreignId(bobsPhone), 404],
    ['a FIDO key', 'dora', foreignId(`${accountArn}:u2f/user/dora/security-key-AAAA`), 404],
  ])('does not work for %s', async (_, who, deviceId, status) => {
    await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });

    const body = { deviceId, ...codesNow(api, bobsSeed) };
    const answer = await api.fetch(who, 'POST', '/v1/me/resyncs', body);

    expect([404, 403]).toContain(answer.status);
    expect(answer.status === status || answer.json().code === 'step-up-required').toBe(true);
    expect(api.called()).not.toContain('ResyncMFADevice');
  });

  it('reports that a FIDO key cannot be resynchronised', async () => {
    const [fido = ''] = api.activeDevices('dora');
    const body = { deviceId: foreignId(fido), ...codesNow(api, bobsSeed) };

    const answer = await api.fetch('dora', 'POST', '/v1/me/resyncs', body);

    expect(answer.json()).toMatchObject({ status: 409, code: 'not-resyncable' });
  });
});

describe('a hardware token', () => {
  const path = `/v1/hardware-mfa-devices/${token}/activation`;

  it('is enabled as a further device, listed, resynchronised and deactivated', async () => {
    const enabled = await api.fetch(stepUp(api, 'bob'), 'PUT', path, codesNow(api, tokenSeed));
    expect(enabled.json()).toMatchObject({ kind: 'hardware-totp', name: token, status: 'active' });
    const id = enabled.json().id;

    expect((await api.fetch(stepUp(api, 'bob'), 'PUT', path, codesNow(api, tokenSeed))).status).toBe(200);
    const alone = await api.fetch('bob', 'GET', `/v1/me/mfa-devices/${id}`);
    expect(alone.json()).toMatchObject({ id, serialNumber: token, tags: {} });
    api.stack.clock.advance(120);
    const resynced = await api.fetch(
      stepUp(api, 'bob'),
      'POST',
      `/v1/mfa-devices/${id}/resync`,
      codesNow(api, tokenSeed),
    );
    expect(resynced.status).toBe(200);
    expect((await api.fetch(stepUp(api, 'bob'), 'DELETE', `/v1/mfa-devices/${id}`)).status).toBe(204);
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('cannot be a first device', async () => {
    const answer = await api.fetch(stepUp(api, 'alice'), 'PUT', path, codesNow(api, tokenSeed));

    expect(answer.json()).toMatchObject({ status: 409, code: 'no-active-device' });
  });

  it('that another user has is refused', async () => {
    await api.fetch(stepUp(api, 'bob'), 'PUT', path, codesNow(api, tokenSeed));

    const answer = await api.fetch(stepUp(api, 'dora'), 'PUT', path, codesNow(api, tokenSeed));

    expect(answer.json()).toMatchObject({ status: 409, code: 'device-in-use' });
    expect(api.activeDevices('dora')).toHaveLength(1);
  });

  it.each(['GAHT99999999', 'short', 'arn:aws:iam::123456789012:mfa/x'])('%s is unknown', async (serial) => {
    const target = `/v1/hardware-mfa-devices/${serial}/activation`;

    const answer = await api.fetch(stepUp(api, 'bob'), 'PUT', target, codesNow(api, tokenSeed));

    expect([400, 403, 404]).toContain(answer.status);
    expect(api.activeDevices('bob')).toEqual([bobsPhone]);
  });

  it('cannot have tags or a label', async () => {
    await api.fetch(stepUp(api, 'bob'), 'PUT', path, codesNow(api, tokenSeed));
    const id = foreignId(token);

    const tagged = await api.fetch(stepUp(api, 'bob'), 'POST', `/v1/mfa-devices/${id}/tags`, {
      tags: { a: 'b' },
    });
    const labelled = await api.fetch(stepUp(api, 'bob'), 'PATCH', `/v1/mfa-devices/${id}`, { label: 'x' });

    expect(tagged.json()).toMatchObject({ status: 409, code: 'not-taggable' });
    expect(labelled.json()).toMatchObject({ status: 409, code: 'not-taggable' });
  });
});

describe('tags', () => {
  const path = '/v1/mfa-devices/phone/tags';
  const list = async () => (await api.fetch('bob', 'GET', '/v1/me/mfa-devices/phone/tags')).json().tags;
  const bob = () => stepUp(api, 'bob');
  const entriesOf = (tags: object) => new Map(Object.entries(tags));

  it('are added, changed, listed and removed', async () => {
    const tags = { team: 'Zürich & more'.replace('&', '+'), 'cost center': '42', empty: '' };

    expect((await api.fetch(bob(), 'POST', path, { tags })).json()).toEqual({ tags });
    expect((await api.fetch(bob(), 'POST', path, { tags: { team: 'b' } })).json().tags.team).toBe('b');
    const removed = await api.fetch(bob(), 'DELETE', `${path}?key=cost%20center&key=empty&key=unknown`);

    expect(removed.status).toBe(204);
    expect(await list()).toEqual({ team: 'b' });
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may have the key %s', async (key) => {
    const tags = JSON.parse(`{"${key}":"x","team":"y"}`);

    expect(entriesOf((await api.fetch(bob(), 'POST', path, { tags })).json().tags)).toEqual(entriesOf(tags));
    expect(entriesOf(await list())).toEqual(entriesOf(tags));
    expect((await api.fetch('bob', 'GET', '/v1/me/mfa-devices/phone')).text).toContain(`"${key}":"x"`);
    expect((await api.fetch(bob(), 'DELETE', `${path}?key=${key}`)).status).toBe(204);

    expect(await list()).toEqual({ team: 'y' });
  });

  it('of the service are hidden and cannot be changed', async () => {
    expect(await list()).toEqual({});
    const reserved = 'mfa-self-service:owner';

    const put = await api.fetch(bob(), 'POST', path, { tags: { [reserved]: 'AIDAEVIL' } });
    const removed = await api.fetch(bob(), 'DELETE', `${path}?key=${encodeURIComponent(reserved)}`);
    const upper = await api.fetch(bob(), 'POST', path, { tags: { 'MFA-Self-Service:owner': 'AIDAEVIL' } });

    for (const answer of [put, removed, upper])
      expect(answer.json()).toMatchObject({ code: 'validation-failed' });
    expect(put.json().errors).toEqual([
      { pointer: '/body/tags/mfa-self-service:owner', detail: expect.stringContaining('not begin with') },
    ]);
    expect(api.called()).not.toContain('TagMFADevice');
  });

  it('are limited to 50, including the service’s own', async () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x']));

    const answer = await api.fetch(bob(), 'POST', path, { tags });

    expect(answer.json()).toMatchObject({ status: 409, code: 'tag-limit' });
    expect(await list()).toEqual({});
  });

  it.each([
    ['none', { tags: {} }, '/body/tags'],
    ['AWS’s own', { tags: { 'aws:x': 'y' } }, '/body/tags/aws:x'],
    ['too long a key', { tags: { ['k'.repeat(129)]: 'y' } }, `/body/tags/${'k'.repeat(129)}`],
    ['too long a value', { tags: { k: 'v'.repeat(257) } }, '/body/tags/k'],
    ['a value that is not text', { tags: { k: 1 } }, '/body/tags/k'],
    ['a prototype', JSON.parse('{"tags":{"__proto__":{"k":"v"}}}'), '/body/tags/__proto__'],
    ['characters not allowed in tags', { tags: { k: '<script>' } }, '/body/tags/k'],
  ])('with %s are refused', async (_, body, pointer) => {
    const answer = await api.fetch(bob(), 'POST', path, body);

    expect(answer.json()).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it('are removed only by key', async () => {
    const none = await api.fetch(bob(), 'DELETE', path);
    const unknown = await api.fetch(bob(), 'DELETE', `${path}?key=a&keys=b`);

    expect(none.json()).toMatchObject({ errors: [{ pointer: '/query/key', detail: 'is required' }] });
    expect(unknown.json()).toMatchObject({ errors: [{ pointer: '/query/keys' }] });
  });

  it('of another user’s device stay unchanged', async () => {
    const before = api.devices();
    const carol = stepUp(api, 'carol');
    const id = foreignId(bobsPhone);

    const answers = [
      await api.fetch(carol, 'POST', `/v1/mfa-devices/${id}/tags`, { tags: { a: 'b' } }),
      await api.fetch(carol, 'DELETE', `/v1/mfa-devices/${id}/tags?key=a`),
      await api.fetch(carol, 'PATCH', `/v1/mfa-devices/${id}`, { label: 'mine' }),
      await api.fetch('carol', 'GET', `/v1/me/mfa-devices/${id}/tags`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(api.devices()).toBe(before);
  });
});

describe('a label', () => {
  it('is added, changed and removed', async () => {
    const patch = (label: unknown) =>
      api.fetch(stepUp(api, 'bob'), 'PATCH', '/v1/mfa-devices/phone', { label });

    expect((await patch('Bobs Handy')).json()).toMatchObject({
      label: 'Bobs Handy',
      status: 'active',
      tags: {},
    });
    expect((await patch('other')).json()).toMatchObject({ label: 'other' });
    expect((await patch(null)).json()).not.toHaveProperty('label');
    for (const bad of ['', 'x'.repeat(257), '<b>', 7]) expect((await patch(bad)).status).toBe(400);
  });
});

describe('a wrong code', () => {
  it('is answered with the seconds until the next code', async () => {
    const pending = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    const [code1, code2] = [codeNow(api, bobsSeed), '000000'];

    const answer = await api.fetch(stepUp(api, 'bob'), 'PUT', `/v1/mfa-devices/${pending.name}/activation`, {
      code1,
      code2,
    });

    const { retryAfter, resyncMayHelp } = answer.json();
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(30);
    expect(resyncMayHelp).toBe(false);
  });
});
