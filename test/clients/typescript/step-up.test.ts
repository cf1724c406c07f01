import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  clientWith,
  create,
  created,
  denied,
  device,
  failureOf,
  keys,
  me,
  problem,
  session,
  tablet,
  useFakeApi,
} from './fake-api.ts';

const api = useFakeApi();
afterEach(() => vi.useRealTimers());

const sessionsAskedFor = () => api.to('POST /v1/me/sessions').length;
const presignedUrl = () => new URL(JSON.parse(api.to('POST /v1/me/sessions')[0]?.body ?? '').presignedUrl);

describe('a call denied for lack of MFA', () => {
  it.each([
    ['by API Gateway', denied],
    ['by the function', problem('step-up-required', { maxAgeSeconds: 900 })],
  ])('%s gets a session and is sent once more with it', async (_, refusal) => {
    api.onStepUp();
    api.on(create, refusal, created);
    const sessions: unknown[] = [];
    const { client, asked } = clientWith(api, ['123 456'], {
      onSession: (obtained) => sessions.push(obtained),
    });
    expect(await client.createMfaDevice(tablet)).toEqual(created.body);
    expect(asked).toMatchObject([{ attempt: 1, devices: [device('phone')], problem: undefined }]);
    expect(sessions).toEqual([session]);
    const [first, second] = api.to(create);
    expect(first?.headers['x-amz-security-token']).toBeUndefined();
    expect(second?.headers).toMatchObject({ 'x-amz-security-token': session.sessionToken });
    expect(second?.body).toBe(first?.body);
  });

  it('signs a GetSessionToken request for the device and the STS of the API', async () => {
    api.onStepUp();
    api.onGated(create, created);
    await clientWith(api).client.createMfaDevice(tablet);
    const url = presignedUrl();
    expect(url.origin).toBe(me.stsEndpoint);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'GetSessionToken',
      DurationSeconds: '900',
      SerialNumber: device('phone').serialNumber,
      TokenCode: '123456',
      'X-Amz-Credential': expect.stringMatching(
        /^AKIAEXAMPLE000000001\/\d{8}\/us-east-1\/sts\/aws4_request$/,
      ),
      'X-Amz-SignedHeaders': 'host',
    });
  });

  it('shares the step-up with other denied calls', async () => {
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked } = clientWith(api);
    await Promise.all(Array.from({ length: 5 }, () => client.createMfaDevice(tablet)));
    expect(asked).toHaveLength(1);
    expect(sessionsAskedFor()).toBe(1);
    expect(api.to(create)).toHaveLength(10);
  });

  it('uses a session that another call obtained before its own refusal arrived', async () => {
    api.onStepUp();
    const late = Promise.withResolvers<typeof denied>();
    api.on(create, () => late.promise, denied, created);
    const { client, asked } = clientWith(api);
    const slow = client.createMfaDevice(tablet);
    await expect.poll(() => api.to(create).length).toBe(1);
    await client.createMfaDevice({ name: 'other' });
    late.resolve(denied);
    expect(await slow).toEqual(created.body);
    expect(asked).toHaveLength(1);
  });

  it('fails if denied again', async () => {
    api.onStepUp();
    api.on(create, denied);
    expect(await failureOf(clientWith(api).client.createMfaDevice(tablet))).toMatchObject({
      code: 'access-denied',
    });
    expect(api.to(create)).toHaveLength(2);
    expect(sessionsAskedFor()).toBe(1);
  });

  it('fails at once if no one can be asked for a code', async () => {
    api.on(create, denied);
    expect(await failureOf(api.client().createMfaDevice(tablet))).toMatchObject({ code: 'access-denied' });
    expect(api.requests).toHaveLength(1);
  });
});

describe('no step-up follows', () => {
  it.each(['not a url', 'ftp://sts.amazonaws.com', undefined])(
    'an API that names the STS endpoint %s: no code is asked for',
    async (stsEndpoint) => {
      api.onStepUp();
      api.on('GET /v1/me', { body: { ...me, stsEndpoint, serverTime: new Date().toISOString() } });
      api.on(create, denied);
      const { client, asked } = clientWith(api);
      expect(await failureOf(client.createMfaDevice(tablet))).toMatchObject({
        name: 'ApiError',
        kind: 'unexpected-answer',
      });
      expect(asked).toEqual([]);
      expect(sessionsAskedFor()).toBe(0);
    },
  );

  it.each([
    ['a refusal that MFA would not change', create, problem('access-denied')],
    ['any other problem', create, problem('device-exists')],
    ['the end of a session passed as credentials', create, problem('session-expired')],
    ['HTML', create, { status: 403, headers: { 'content-type': 'text/html' }, body: 'denied' }],
  ])('%s', async (_, route, answer) => {
    api.onStepUp();
    api.on(route, answer);
    const { client, asked } = clientWith(api);
    await failureOf(client.createMfaDevice(tablet));
    expect(asked).toEqual([]);
    expect(api.requests).toHaveLength(1);
  });

  it('the refusal of a call that needs no MFA', async () => {
    api.on('POST /v1/me/resyncs', problem('step-up-required', { maxAgeSeconds: 900 }));
    const { client, asked } = clientWith(api);
    const codes = { deviceId: 'phone', code1: '123456', code2: '654321' };
    expect(await failureOf(client.resyncOnlyMfaDevice(codes))).toMatchObject({ code: 'step-up-required' });
    expect(asked).toEqual([]);
  });
});

describe('the session', () => {
  it('signs later calls that need MFA, and only those', async () => {
    api.onStepUp();
    api.onGated(create, created);
    const { client } = clientWith(api);
    await client.createMfaDevice(tablet);
    await client.createMfaDevice(tablet);
    await client.getMe();
    expect(api.to(create)).toHaveLength(3);
    expect(api.to('GET /v1/me').at(-1)?.headers['x-amz-security-token']).toBeUndefined();
  });

  it('is used until shortly before it is too old', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked } = clientWith(api);
    await client.createMfaDevice(tablet);
    vi.setSystemTime(Date.now() + 865_000);
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(1);
    vi.setSystemTime(Date.now() + 10_000);
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(2);
  });

  it.each([900, 43_200, 129_600])('lasts %d seconds if requested', async (sessionDuration) => {
    api.onStepUp();
    await clientWith(api, ['123456'], { sessionDuration }).client.stepUp();
    expect(presignedUrl().searchParams.get('DurationSeconds')).toBe(String(sessionDuration));
  });

  it('is dropped when MFA is no longer recent, however long it lasts', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked } = clientWith(api, ['123456'], { sessionDuration: 43_200 });
    await client.createMfaDevice(tablet);
    vi.setSystemTime(Date.now() + 875_000);
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(2);
  });

  it('is not used after it expires', async () => {
    const expiration = new Date(Date.now() - 1000).toISOString();
    api.onStepUp(undefined, { status: 201, body: { ...session, expiration } });
    api.onGated(create, created);
    const { client, asked } = clientWith(api);
    await client.createMfaDevice(tablet);
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(2);
  });

  it('is kept if a call is denied for another reason, and no code is asked for', async () => {
    api.onStepUp();
    api.on(create, denied, created, denied, created);
    const { client, asked } = clientWith(api);
    await client.createMfaDevice(tablet);
    expect(await failureOf(client.createMfaDevice(tablet))).toMatchObject({ code: 'access-denied' });
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["is too old by the server's clock", denied, 1000],
    ['has expired', problem('session-expired'), 0],
  ])('is replaced when it %s', async (_, refusal, seconds) => {
    api.onStepUp();
    api.on(create, denied, created, refusal, created);
    const { client, asked } = clientWith(api);
    await client.createMfaDevice(tablet);
    const serverTime = new Date(Date.now() + seconds * 1000).toISOString();
    api.on('GET /v1/me', { body: { ...me, serverTime } });
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(2);
  });

  it('can be passed in, and is replaced if refused', async () => {
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked } = clientWith(api, ['123456'], { session });
    await client.createMfaDevice(tablet);
    expect(api.requests).toHaveLength(1);
    api.on(create, denied, created);
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(1);
  });

  it('can be forgotten, and renewed on request', async () => {
    api.onStepUp();
    api.onGated(create, created);
    const { client, asked } = clientWith(api);
    expect(await client.stepUp()).toEqual(session);
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(1);
    client.forgetSession();
    await client.createMfaDevice(tablet);
    expect(asked).toHaveLength(2);
  });

  it('never signs for another user', async () => {
    api.onStepUp();
    api.on(create, denied, created);
    let accessKeyId = keys.accessKeyId;
    const { client } = clientWith(api, ['123456'], { credentials: () => ({ ...keys, accessKeyId }) });
    await client.createMfaDevice(tablet);
    accessKeyId = 'AKIAEXAMPLE000000002';
    await client.createMfaDevice(tablet);
    expect(api.to(create).at(-1)?.headers.authorization).toContain(accessKeyId);
  });
});
