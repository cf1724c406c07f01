import { describe, expect, it } from 'vitest';
import { deployment, localFunctionName } from '../../local-aws/deployment.ts';
import { useApi } from '../support/e2e.ts';
import {
  askForSession,
  bobsPhone,
  bobsSeed,
  createFirst,
  createFurther,
  enableFirst,
  enrolFirst,
  presign,
  sessionIn,
  stepUp,
} from '../support/e2e-flows.ts';
import { SecretWatch } from '../support/e2e-secrets.ts';
import type { Answer } from '../support/http.ts';

const api = useApi();
const deviceRole = 'assumed-role/mfa-self-service-local-device-read';
/** What the functions logged during these requests. */
const logged = (...answers: readonly Answer[]) => {
  const ids = answers.map(({ headers }) => headers['x-request-id']);
  return api.stack.lambda.logs
    .map(({ line }): Record<string, unknown> => JSON.parse(line))
    .filter(({ requestId }) => ids.includes(String(requestId)));
};

describe('the trail', () => {
  /** AssumeRole calls of an operation's function. */
  const assumed = (operation: string) =>
    api.stack.account.trail
      .events()
      .filter((event) => event.operation === 'AssumeRole')
      .filter(({ principalArn }) => principalArn?.endsWith(`/${localFunctionName(operation)}`)).length;

  it('names the person behind every call to IAM', async () => {
    await Promise.all(['alice', 'bob', 'carol'].map((who) => api.fetch(who, 'GET', '/v1/me')));
    const calls = api.stack.account.trail.events().filter(({ service }) => service === 'iam');
    const people = calls.map(({ principalArn, sourceIdentity }) => [principalArn, sourceIdentity]);
    expect(new Set(people.map(String))).toEqual(
      new Set(
        ['alice', 'bob', 'carol'].map(
          (name) => `arn:aws:sts::${deployment.accountId}:${deviceRole}/${name},${name}`,
        ),
      ),
    );
  });

  it('shows one AssumeRole for a callerâs simultaneous requests, and none for later ones', async () => {
    const path = '/v1/me/mfa-devices';
    await Promise.all(Array.from({ length: 20 }, () => api.fetch('alice', 'GET', path)));
    expect(assumed('list-mfa-devices')).toBe(1);
    await Promise.all(['bob', 'alice', 'bob'].map((who) => api.fetch(who, 'GET', path)));
    await api.fetch(stepUp(api, 'bob'), 'GET', path);
    expect(assumed('list-mfa-devices')).toBe(2);
    api.stack.clock.advance(900);
    await api.fetch('alice', 'GET', path);
    expect(assumed('list-mfa-devices')).toBe(3);
  });

  it('shows one AssumeRole per addressed device', async () => {
    const [one, two] = [await createFirst(api, 'alice', 'one'), await createFirst(api, 'alice', 'two')];
    expect(assumed('create-first-mfa-device')).toBe(2);
    for (const device of [one, two, one]) await enableFirst(api, 'alice', device);
    expect(assumed('enable-first-mfa-device')).toBe(2);
  });

  it('shows only the calls that the contract names', async () => {
    await createFirst(api, 'alice');
    expect(api.called()).toEqual(['AssumeRole', 'ListMFADevices', 'CreateVirtualMFADevice']);
  });
});

describe('the log', () => {
  it('has a line per request: who, what and the result', async () => {
    const good = await api.fetch('carol', 'GET', '/v1/me');
    const bad = await api.fetch('carol', 'GET', '/v1/me/mfa-devices/none');
    const common = {
      ...{ level: 'INFO', message: 'request', sourceIp: '127.0.0.1', millis: expect.any(Number) },
      userArn: 'arn:aws:iam::123456789012:user/team/carol',
    };
    await expect
      .poll(() => logged(good, bad))
      .toMatchObject([
        { ...common, operation: 'get-me', status: 200, requestId: good.headers['x-request-id'] },
        {
          ...common,
          ...{ operation: 'get-mfa-device', status: 404, code: 'device-not-found' },
          requestId: bad.headers['x-request-id'],
        },
      ]);
  });

  it('holds no secret of any kind, not even for failures', async () => {
    const device = await enrolFirst(api, 'alice');
    const session = sessionIn(await askForSession(api, 'alice', device));
    await createFurther(api, session, 'tablet');
    for (const error of ['ServiceFailure', 'malformed', 'connection-reset', 'AccessDenied']) {
      api.stack.faults.put({ operation: 'GetSessionToken', error, times: 1 });
      await askForSession(api, 'bob', { serialNumber: bobsPhone, seed: bobsSeed });
      api.stack.faults.put({ operation: 'EnableMFADevice', error, times: 1 });
      await enableFirst(api, 'carol', await createFirst(api, 'carol'));
    }
    const presignedUrl = await presign(api, 'bob', { SerialNumber: bobsPhone, TokenCode: '123456' });
    await api.fetch('bob', 'POST', '/v1/me/sessions', { presignedUrl, more: presignedUrl });

    expect(api.secrets.kinds).toEqual(
      new Set(['seed', 'code', 'secret key', 'session token', 'signature', 'signature of a presigned URL']),
    );
    expect(api.stack.logText()).toContain('"level":"ERROR"');
    api.assertNoSecrets();
  });

  it('would reveal a leak: every kind of secret is found in a line that has one', () => {
    const secrets = new SecretWatch();
    const seed = 'JBSWY3DPEHPK3PXP';
    const keys = { secretAccessKey: 'abc/def+ghi=', sessionToken: 'token//+==' };
    const signature = 'a'.repeat(64);
    secrets.noteAnswer(JSON.stringify({ base32Seed: seed, ...keys }));
    const presignedUrl = `http://sts/?TokenCode=222333&X-Amz-Signature=${'b'.repeat(64)}`;
    secrets.noteRequest(
      { Authorization: `AWS4-HMAC-SHA256 Credential=x, Signature=${signature}` },
      JSON.stringify({
        code1: '000111',
        code2: '111222',
        presignedUrl,
        pass: 'ABCD-efgh-ijkl-mnop-qrst-uvwx',
      }),
    );
    secrets.noteRequest({}, JSON.stringify({ pass: 'abc1-efgh-ijkl-mnop-qrst-uvw' }));
    secrets.noteRequest({}, JSON.stringify({ pass: 'mfa-self-service:owner' }));

    expect(secrets.leaksIn(`{"detail":"secret=${seed}"}`)).toEqual(['seed']);
    expect(secrets.leaksIn('{"code1":"000111"}')).toEqual(['code']);
    expect(secrets.leaksIn('?TokenCode=222333&')).toEqual(['code']);
    expect(secrets.leaksIn(`key ${keys.secretAccessKey}`)).toEqual(['secret key']);
    expect(secrets.leaksIn(`token=${encodeURIComponent(keys.sessionToken)}`)).toEqual(['session token']);
    expect(secrets.leaksIn(signature)).toEqual(['signature']);
    expect(secrets.leaksIn('b'.repeat(64))).toEqual(['signature of a presigned URL']);
    expect(secrets.leaksIn('pass ABCD-efgh-ijkl-mnop-qrst-uvwx')).toEqual(['enrolment pass']);
    expect(secrets.leaksIn('mistyped abc1-efgh-ijkl-mnop-qrst-uvw')).toEqual(['enrolment pass']);
    expect(secrets.leaksIn('mfa-self-service:owner is reserved')).toEqual([]);
    expect(secrets.leaksIn('id 8000111 at 111222333444 or 1234-000111')).toEqual([]);
  });
});
