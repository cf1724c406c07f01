import { describe, expect, it } from 'vitest';
import { keysOf, useApi, type Who } from '../support/e2e.ts';
import { presign, stepUp } from '../support/e2e-flows.ts';
import type { SigningKeys } from '../support/sign.ts';
import { userSession } from '../support/stack.ts';

const api = useApi();
const path = '/v1/me/first-mfa-device';
const body = { name: 'phone' };

interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** Signs a valid request, changes it and sends it. */
async function sendChanged(change: (sent: Sent) => Sent, who: Who = 'alice', signing = {}) {
  const signed = api.sign(who, 'POST', path, body, { 'X-Request-Label': 'one' }, signing);
  const { method, target, headers, body: content } = change({ method: 'POST', target: path, ...signed });
  return api.send(method, target, headers, content);
}

const withHeader = (sent: Sent, name: string, value: string): Sent => ({
  ...sent,
  headers: { ...sent.headers, [name]: value },
});

const replaceAuthorization = (sent: Sent, pattern: RegExp, value: string): Sent =>
  withHeader(sent, 'Authorization', (sent.headers['Authorization'] ?? '').replace(pattern, value));

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

describe('a signed request', () => {
  it('is accepted unchanged', async () => {
    expect(await sendChanged((sent) => sent)).toMatchObject({ status: 201 });
  });

  it.each<[string, (sent: Sent) => Sent]>([
    ['body', (sent) => ({ ...sent, body: JSON.stringify({ name: 'other' }) })],
    ['body, emptied', (sent) => ({ ...sent, body: '' })],
    ['path', (sent) => ({ ...sent, target: `${path}/phone/activation`, method: 'PUT' })],
    ['path, by a slash', (sent) => ({ ...sent, target: `${path}/` })],
    ['path, by an encoded letter', (sent) => ({ ...sent, target: path.replace('first', '%66irst') })],
    ['method', (sent) => ({ ...sent, method: 'GET', target: '/v1/me', body: '' })],
    ['query, added', (sent) => ({ ...sent, target: `${path}?admin=true` })],
    ['signed header', (sent) => withHeader(sent, 'X-Request-Label', 'two')],
    ['content type', (sent) => withHeader(sent, 'Content-Type', 'text/plain')],
    ['host', (sent) => withHeader(sent, 'Host', 'api.example.com')],
    ['date', (sent) => withHeader(sent, 'X-Amz-Date', amzDate(new Date(Date.now() - 60_000)))],
    ['x-amz header, unsigned', (sent) => withHeader(sent, 'X-Amz-Target', 'anything')],
    ['body hash', (sent) => withHeader(sent, 'X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD')],
    ['session token, added', (sent) => withHeader(sent, 'X-Amz-Security-Token', 'token')],
    ['algorithm', (sent) => replaceAuthorization(sent, /AWS4-HMAC-SHA256/, 'AWS4-HMAC-SHA1')],
    ['signature', (sent) => replaceAuthorization(sent, /Signature=.{64}/, `Signature=${'0'.repeat(64)}`)],
    ['signature, removed', (sent) => replaceAuthorization(sent, /, Signature=.*/, '')],
    ['access key', (sent) => replaceAuthorization(sent, /AKIALOCALALICE000001/, 'AKIALOCALBOB00000001')],
    ['region of its scope', (sent) => replaceAuthorization(sent, /us-east-1/, 'eu-west-1')],
    [
      'list of signed headers',
      (sent) => replaceAuthorization(sent, /SignedHeaders=[^,]*/, 'SignedHeaders=host'),
    ],
  ])('is refused when this is changed: %s', async (_what, change) => {
    const before = api.devices();
    const answer = await sendChanged(change);
    expect(answer.json()).toMatchObject({ status: 403, code: 'unauthenticated' });
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
    expect(api.devices()).toBe(before);
  });

  it('is refused when its own query is changed', async () => {
    const { headers } = api.sign('alice', 'GET', '/v1/me?a=1');
    const answer = await api.send('GET', '/v1/me?a=2', headers);
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
  });

  it.each<[string, object]>([
    ['for another service', { service: 'iam' }],
    ['for sts', { service: 'sts' }],
    ['for another region', { region: 'eu-west-1' }],
    ['an hour ago', { date: hoursAgo(1) }],
    ['six minutes ago', { date: hoursAgo(0.1) }],
    ['six minutes ahead', { date: hoursAgo(-0.1) }],
    ['a day ago', { date: hoursAgo(24) }],
  ])('is refused when it was signed %s', async (_how, signing) => {
    const answer = await sendChanged((sent) => sent, 'alice', signing);
    expect(answer.json()).toMatchObject({ status: 403, code: 'unauthenticated' });
    expect(api.activeDevices('alice')).toEqual([]);
    expect(api.called()).toEqual([]);
  });

  it('is accepted four minutes later, by wall-clock time alone', async () => {
    api.stack.clock.advance(86_400);
    const answer = await sendChanged((sent) => sent, 'alice', { date: hoursAgo(4 / 60) });
    expect(answer.status).toBe(201);
  });
});

describe('keys', () => {
  const alice = keysOf('alice');

  it.each<[string, () => SigningKeys]>([
    ['a wrong secret', () => ({ ...alice, secretAccessKey: 'local-bob-secret' })],
    ['an unknown access key', () => ({ ...alice, accessKeyId: 'AKIALOCALNOBODY00001' })],
    [
      'a session token with long-term keys',
      () => ({ ...alice, sessionToken: stepUp(api, 'alice').sessionToken ?? '' }),
    ],
    [
      "another session's token",
      () => ({ ...stepUp(api, 'alice'), sessionToken: stepUp(api, 'bob').sessionToken ?? '' }),
    ],
    ['a session without its token', () => withoutToken(stepUp(api, 'bob'))],
    ['a made-up token', () => ({ ...stepUp(api, 'bob'), sessionToken: 'bm90IGEgdG9rZW4=' })],
  ])('are refused: %s', async (_what, keys) => {
    const answer = await api.fetch(keys(), 'GET', '/v1/me');
    expect(answer.json()).toMatchObject({ status: 403, code: 'unauthenticated' });
    expect(api.called()).toEqual([]);
  });

  it('of a session are refused once it has expired, and the answer says so', async () => {
    const session = userSession(api.stack, 'bob', { mfaAt: api.stack.clock.now(), durationSeconds: 900 });
    expect((await api.fetch(session, 'GET', '/v1/me')).status).toBe(200);
    api.stack.clock.advance(901);
    const answer = await api.fetch(session, 'GET', '/v1/me');
    expect(answer.json()).toMatchObject({ status: 403, code: 'session-expired' });
  });

  it('of a deleted user are refused, as are the user’s sessions', async () => {
    const { users } = api.stack.account;
    const session = stepUp(api, 'alice');
    const user = users.get('alice');
    users.deleteAccessKey(user, alice.accessKeyId);
    users.delete(user);
    for (const who of ['alice', session]) {
      expect((await api.fetch(who, 'GET', '/v1/me')).json()).toMatchObject({ code: 'unauthenticated' });
    }
  });
});

describe('a presigned API call', () => {
  const call = async (who: Who, target: string, method: string, query: Record<string, string> = {}) => {
    const endpoint = `${api.stack.apiUrl}${target}`;
    const url = new URL(await presign(api, who, query, { endpoint, service: 'execute-api' }));
    return api.send(method, `${url.pathname}${url.search}`, {});
  };

  it('is not in the contracts and changes nothing', async () => {
    const answer = await call('alice', '/v1/me', 'GET');
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
  });

  it('is no way around the gate', async () => {
    const before = api.devices();
    const answer = await call('bob', '/v1/mfa-devices', 'POST');
    expect(answer.status).toBe(403);
    expect(api.devices()).toBe(before);
  });
});

function withoutToken({ accessKeyId, secretAccessKey }: SigningKeys): SigningKeys {
  return { accessKeyId, secretAccessKey };
}

function amzDate(date: Date): string {
  return date.toISOString().replace(/[:-]|\.\d{3}/g, '');
}
