import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../../clients/typescript/src/index.ts';
import { close, listen } from '../../../local-aws/servers.ts';
import { failureOf, problem, type Reply, useFakeApi } from './fake-api.ts';

const api = useFakeApi();

const atOnce = (status: number, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/html', 'retry-after': '0', ...headers },
  body: '<html>',
});
const good = { body: {} };

const deviceId = 'phone';
const codes = { code1: '123456', code2: '654321' };
const safe: readonly (readonly [string, (client: Client) => Promise<unknown>])[] = [
  ['GET /v1/me', (client) => client.getMe()],
  ['DELETE /v1/mfa-devices/phone', (client) => client.deleteMfaDevice({ deviceId })],
  ['PUT /v1/recoveries/x/approval', (client) => client.approveRecovery({ recoveryId: 'x' })],
];
const unsafe: typeof safe = [
  ['POST /v1/mfa-devices', (client) => client.createMfaDevice({ name: 'phone' })],
  ['PUT /v1/mfa-devices/phone/activation', (client) => client.enableMfaDevice({ deviceId, ...codes })],
  [
    'PUT /v1/me/first-mfa-device/phone/activation',
    (client) => client.enableFirstMfaDevice({ deviceId, ...codes }),
  ],
  ['POST /v1/me/sessions', (client) => client.createSession({ presignedUrl: 'x' })],
  ['PATCH /v1/mfa-devices/phone', (client) => client.updateMfaDevice({ deviceId, label: 'x' })],
];
const failures: readonly (readonly [string, Reply | 'break'])[] = [
  ['a broken connection', 'break'],
  ['429', atOnce(429)],
  ['502', atOnce(502)],
  ['503', atOnce(503)],
  ['504', { ...problem('timeout', { retryAfter: 0 }) }],
];
const each = (calls: typeof safe) =>
  calls.flatMap(([route, call]) => failures.map(([name, failure]) => ({ route, call, name, failure })));

describe('a request', () => {
  it.each(each(safe))('$route is sent again after $name', async ({ route, call, failure }) => {
    api.on(route, failure, failure, good);
    expect(await call(api.client())).toEqual({});
    expect(api.to(route)).toHaveLength(3);
  });

  it.each(each(unsafe))('$route is not sent again after $name', async ({ route, call, failure }) => {
    api.on(route, failure, good);
    await failureOf(call(api.client()));
    expect(api.to(route)).toHaveLength(1);
  });

  it.each([
    [undefined, 3],
    [0, 1],
    [1, 2],
  ])('is given up after %s retries', async (retries, sent) => {
    api.on('GET /v1/me', atOnce(503));
    expect(await failureOf(api.client({ retries }).getMe())).toMatchObject({ status: 503 });
    expect(api.requests).toHaveLength(sent);
  });

  it.each([
    ['the failure is not transient', problem('internal-error')],
    ['the API asks for too long a wait', atOnce(503, { 'retry-after': '60' })],
  ])('is not sent again where %s', async (_, answer) => {
    api.on('GET /v1/me', answer, good);
    await failureOf(api.client().getMe());
    expect(api.requests).toHaveLength(1);
  });

  it('is signed anew each time, and waits as long as requested', async () => {
    const started = Date.now();
    api.on('GET /v1/me', problem('throttled', { retryAfter: 1 }), good);
    await api.client().getMe();
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    const [first, second] = api.requests.map(({ headers }) => headers['x-amz-date']);
    expect(first).not.toBe(second);
  });
});

describe('a missing device', () => {
  const gone = problem('device-not-found');
  const route = 'DELETE /v1/mfa-devices/phone';

  it.each(failures)('was deleted by the previous request, whose answer was %s', async (_, failure) => {
    api.on(route, failure, gone);
    expect(await api.client().deleteMfaDevice({ deviceId })).toBeUndefined();
    expect(api.to(route)).toHaveLength(2);
  });

  it('is an error on the first request', async () => {
    api.on(route, gone);
    expect(await failureOf(api.client().deleteMfaDevice({ deviceId }))).toMatchObject({
      code: 'device-not-found',
    });
  });

  it('is an error for every other operation', async () => {
    api.on('GET /v1/me/mfa-devices/phone', 'break', gone);
    expect(await failureOf(api.client().getMfaDevice({ deviceId }))).toMatchObject({
      code: 'device-not-found',
    });
  });
});

describe('an unreachable API', () => {
  it('is a network error', async () => {
    const server = createServer();
    const url = await listen(server, 0);
    await close(server);
    expect(await failureOf(api.client({ url, retries: 0 }).getMe())).toMatchObject({
      name: 'ApiError',
      kind: 'network',
      operation: 'getMe',
      status: undefined,
      message: `${url} could not be reached, or the connection broke.`,
    });
  });
});

describe('a request without an answer', () => {
  it("ends after the client's or the call's timeout", async () => {
    api.on('POST /v1/mfa-devices', 'hang');
    const byClient = api.client({ timeout: 30 }).createMfaDevice({ name: 'x' });
    const { signal } = new AbortController();
    const byCall = api.client().createMfaDevice({ name: 'x' }, { timeout: 30, signal });
    // Both are awaited at once: the second may time out before the first.
    for (const failure of await Promise.all([failureOf(byClient), failureOf(byCall)])) {
      expect(failure).toMatchObject({ kind: 'timeout', operation: 'createMfaDevice' });
    }
  });

  it.each([
    ['GET /v1/me', (client: Client, signal: AbortSignal) => client.getMe({ signal })],
    [
      'POST /v1/mfa-devices',
      (client: Client, signal: AbortSignal) => client.createMfaDevice({ name: 'x' }, { signal }),
    ],
  ])('%s ends when it is aborted, with the reason', async (route, call) => {
    const controller = new AbortController();
    api.on(route, () => {
      controller.abort(new Error('not any more'));
      return 'hang';
    });
    expect(await failureOf(call(api.client(), controller.signal))).toEqual(new Error('not any more'));
    expect(api.requests).toHaveLength(1);
  });

  it('is not sent if aborted before, nor repeated if aborted during the pause', async () => {
    const controller = new AbortController();
    api.on('GET /v1/me', () => {
      setTimeout(() => controller.abort(), 20);
      return problem('throttled', { retryAfter: 5 });
    });
    const { signal } = controller;
    expect(await failureOf(api.client().getMe({ signal }))).toMatchObject({ name: 'AbortError' });
    expect(await failureOf(api.client().getMe({ signal }))).toMatchObject({ name: 'AbortError' });
    expect(api.requests).toHaveLength(1);
  });
});
