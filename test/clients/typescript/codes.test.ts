import { describe, expect, it } from 'vitest';
import type { CodeRequest } from '../../../clients/typescript/src/index.ts';
import {
  clientWith,
  create,
  created,
  denied,
  device,
  failureOf,
  keys,
  problem,
  session,
  tablet,
  useFakeApi,
} from './fake-api.ts';

const api = useFakeApi();

const sessionsAskedFor = () => api.to('POST /v1/me/sessions').length;

describe('no session', () => {
  const temporary = { ...keys, sessionToken: 'the-token-of-a-role' };

  it.each([
    ['temporary-credentials', [device('phone')], ['123456'], { credentials: temporary }],
    ['no-device', [], ['123456'], {}],
    ['no-device', [device('key', { kind: 'fido' }), device('new', { status: 'pending' })], ['123456'], {}],
    ['no-such-device', [device('a'), device('b')], ['123456'], {}],
    ['cancelled', [device('phone')], [undefined], {}],
    ['malformed-code', [device('phone')], ['12345'], {}],
  ] as const)('is obtained: %s', async (reason, devices, codes, options) => {
    api.onStepUp(devices);
    api.on(create, denied);
    const error = await failureOf(clientWith(api, codes, options).client.createMfaDevice(tablet));
    expect(error).toMatchObject({ name: 'StepUpError', kind: 'step-up', reason });
    expect(String(error)).not.toMatch(/the-token|123456|12345/);
    expect(api.to(create)).toHaveLength(1);
    expect(sessionsAskedFor()).toBe(0);
  });

  it('is obtained with temporary credentials; the error names the refused call', async () => {
    api.on(create, denied);
    const { client } = clientWith(api, ['123456'], { credentials: temporary });
    expect(await failureOf(client.createMfaDevice(tablet))).toMatchObject({
      operation: 'createMfaDevice',
      status: 403,
      cause: { code: 'access-denied' },
    });
  });

  it('is obtained without the code option', async () => {
    expect(await failureOf(api.client().stepUp())).toMatchObject({ reason: 'no-callback' });
  });

  it('is obtained if the callback fails', async () => {
    api.onStepUp();
    api.on(create, denied);
    const code = () => Promise.reject(new Error('no terminal'));
    expect(await failureOf(api.client({ code }).createMfaDevice(tablet))).toEqual(new Error('no terminal'));
  });
});

describe('codes', () => {
  const wrong = problem('invalid-authentication-code', { retryAfter: 12 });

  it('can be from any device that shows them', async () => {
    api.onStepUp([device('a'), device('b', { kind: 'hardware-totp', serialNumber: 'GAHT00000001' })]);
    api.onGated(create, created);
    const client = api.client({ code: ({ devices }) => ({ code: '123456', deviceId: devices[1]?.id }) });
    await client.createMfaDevice(tablet);
    expect(api.to('POST /v1/me/sessions')[0]?.body).toContain('SerialNumber=GAHT00000001');
  });

  it('are asked for again if malformed or not accepted', async () => {
    api.onStepUp(undefined, wrong, { status: 201, body: session });
    api.onGated(create, created);
    const { client, asked } = clientWith(api, ['abc', '111111', '222222']);
    expect(await client.createMfaDevice(tablet)).toEqual(created.body);
    expect(asked.map(({ attempt, problem: reason }) => [attempt, reason?.code, reason?.retryAfter])).toEqual([
      [1, undefined, undefined],
      [2, undefined, undefined],
      [3, 'invalid-authentication-code', 12],
    ]);
  });

  it.each([
    [undefined, 3],
    [1, 1],
  ])('are asked for at most %s times', async (codeAttempts, expected) => {
    api.onStepUp(undefined, wrong);
    api.onGated(create, created);
    const { client, asked } = clientWith(api, ['111111'], { codeAttempts });
    expect(await failureOf(client.createMfaDevice(tablet))).toMatchObject({
      code: 'invalid-authentication-code',
    });
    expect(asked).toHaveLength(expected);
    expect(sessionsAskedFor()).toBe(expected);
  });

  it('are sent only once, whatever happens', async () => {
    api.onStepUp(undefined, 'break');
    api.onGated(create, created);
    const { client, asked } = clientWith(api);
    expect(await failureOf(client.createMfaDevice(tablet))).toMatchObject({ kind: 'network' });
    expect([asked.length, sessionsAskedFor()]).toEqual([1, 1]);
  });

  it('from a device that STS does not know yet fail, or are asked for again later', async () => {
    const early = problem('device-not-ready', { retryAfter: 1 });
    api.onStepUp(undefined, early, early, { status: 201, body: session });
    api.onGated(create, created);
    expect(await failureOf(clientWith(api).client.createMfaDevice(tablet))).toMatchObject({
      code: 'device-not-ready',
    });
    const { client, asked } = clientWith(api, ['111111', '222222'], { waitForDevice: true, codeAttempts: 1 });
    const started = Date.now();
    expect(await client.createMfaDevice(tablet)).toEqual(created.body);
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    expect(asked.map(({ attempt, problem: reason }) => [attempt, reason?.code])).toEqual([
      [1, undefined],
      [1, 'device-not-ready'],
    ]);
  });
});

describe('an abort while waiting for a code', () => {
  const untilAsked = () => {
    const asked = Promise.withResolvers<CodeRequest>();
    const answer = Promise.withResolvers<string>();
    const code = (request: CodeRequest) => {
      asked.resolve(request);
      return answer.promise;
    };
    return { asked: asked.promise, answer: answer.resolve, client: api.client({ code }) };
  };

  it('ends the aborted call and no other', async () => {
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked, answer } = untilAsked();
    const controller = new AbortController();
    const aborted = failureOf(client.createMfaDevice(tablet, { signal: controller.signal }));
    const { signal } = await asked;
    const other = client.stepUp();
    await new Promise(setImmediate);
    controller.abort();
    expect(await aborted).toMatchObject({ name: 'AbortError' });
    expect(signal.aborted).toBe(false);
    answer('123456');
    expect(await other).toEqual(session);
  });

  it('closes the prompt when no call is waiting any more', async () => {
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked } = untilAsked();
    const controller = new AbortController();
    const aborted = failureOf(client.createMfaDevice(tablet, { signal: controller.signal }));
    const { signal } = await asked;
    controller.abort();
    expect(await aborted).toMatchObject({ name: 'AbortError' });
    expect(signal.aborted).toBe(true);
    expect(sessionsAskedFor()).toBe(0);
  });

  it('happens when the session is forgotten, and no session is kept then', async () => {
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked, answer } = untilAsked();
    const call = failureOf(client.createMfaDevice(tablet));
    const { signal } = await asked;
    client.forgetSession();
    answer('123456');
    expect(await call).toMatchObject({ name: 'AbortError' });
    expect(signal.aborted).toBe(true);
    expect(sessionsAskedFor()).toBe(0);
  });
});
