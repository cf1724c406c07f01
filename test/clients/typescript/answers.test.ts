import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  ApiError,
  isKnownCode,
  isProblem,
  ProblemError,
  paginate,
} from '../../../clients/typescript/src/index.ts';
import { device, failureOf, keys, problem, type Reply, useFakeApi } from './fake-api.ts';

const api = useFakeApi();
const create = { name: 'phone' };

describe('an answer', () => {
  it('is returned as sent', async () => {
    api.on('GET /v1/me/mfa-devices?limit=5', { body: { items: [device('phone')] } });
    expect(await api.client().listMfaDevices({ limit: 5 })).toEqual({ items: [device('phone')] });
    expect(api.requests[0]?.headers).toMatchObject({
      accept: 'application/json',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE000000001\/\d{8}\/us-east-1\/execute-api\//,
      ),
    });
  });

  it('is undefined without content', async () => {
    api.on('DELETE /v1/mfa-devices/phone', { status: 204 });
    expect(await api.client().deleteMfaDevice({ deviceId: 'phone' })).toBeUndefined();
  });

  it('is bytes or text if another media type is requested', async () => {
    const client = api.client();
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
    api.on('POST /v1/me/first-mfa-device', {
      status: 201,
      headers: { 'content-type': 'image/png' },
      body: png,
    });
    expect(await client.createFirstMfaDevice(create, { accept: 'image/png' })).toEqual(new Uint8Array(png));
    api.on('GET /v1/users', { headers: { 'content-type': 'text/csv; charset=utf-8' }, body: 'a,b\n' });
    expect(await client.listUsers({}, { accept: 'text/csv' })).toBe('a,b\n');
    expect(api.requests.map(({ headers }) => headers.accept)).toEqual(['image/png', 'text/csv']);
  });

  it('needs no signature for operations open to anyone', async () => {
    api.on('GET /v1/health', { body: { status: 'ok' } });
    expect(await api.client().getHealth()).toEqual({ status: 'ok' });
    expect(api.requests[0]?.headers.authorization).toBeUndefined();
  });
});

describe('pages', () => {
  it('are requested as long as there is a next one', async () => {
    api.on('GET /v1/me/mfa-devices?limit=1', { body: { items: [device('a')], next: 'x+y' } });
    api.on('GET /v1/me/mfa-devices?limit=1&cursor=x%2By', { body: { items: [device('b')] } });
    const ids: string[] = [];
    for await (const { id } of paginate(api.client().listMfaDevices, { limit: 1 })) ids.push(id);
    expect(ids).toEqual(['a', 'b']);
  });
});

describe('a problem', () => {
  it('is an error with everything the API says about it', async () => {
    const errors = [{ pointer: '/body/name', detail: 'must be shorter' }];
    api.on('POST /v1/me/first-mfa-device', problem('validation-failed', { errors, awsRequestId: 'a-1' }));
    const error = await failureOf(api.client().createFirstMfaDevice(create));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      name: 'ProblemError',
      kind: 'problem',
      code: 'validation-failed',
      status: 400,
      operation: 'createFirstMfaDevice',
      message: 'It is so. (validation-failed)',
      detail: 'It is so.',
      requestId: 'r-1',
      awsRequestId: 'a-1',
      errors,
    });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: 'validation-failed',
      status: 400,
      errors,
    });
  });

  it('is recognised by its code', async () => {
    api.on('POST /v1/me/first-mfa-device', problem('busy', { retryAfter: 2 }));
    const error = await failureOf(api.client().createFirstMfaDevice(create));
    expect(isProblem(error)).toBe(true);
    expect(isProblem(error, 'device-exists', 'busy')).toBe(true);
    expect(isProblem(error, 'device-exists')).toBe(false);
    expect(isProblem(error, 'busy') && error.retryAfter).toBe(2);
    expect(isProblem(new Error('busy'))).toBe(false);
  });

  it('can have a code that the client does not know yet', async () => {
    api.on('GET /v1/me', { ...problem('busy'), body: { code: 'brand-new', status: 409 } });
    const error = await failureOf(api.client().getMe());
    expect(error).toMatchObject({ code: 'brand-new', title: 'brand-new', status: 409, errors: [] });
    expect(error instanceof ProblemError && isKnownCode(error.code)).toBe(false);
    expect(isKnownCode('busy')).toBe(true);
  });

  it.each([
    ['seconds', '7', 7],
    ['a date', new Date(Date.now() + 3_600_000).toUTCString(), expect.closeTo(3600, -1)],
    ['nonsense', 'soon', undefined],
  ])('may tell when to try again in a header with %s', async (_, value, expected) => {
    const { body: document, ...answer } = problem('device-exists');
    api.on('POST /v1/me/first-mfa-device', {
      ...answer,
      body: document,
      headers: { ...answer.headers, 'retry-after': value },
    });
    expect(await failureOf(api.client().createFirstMfaDevice(create))).toMatchObject({
      retryAfter: expected,
    });
  });
});

describe('what the API never answers', () => {
  const canonical = 'The Canonical String should have been x-amz-security-token:the-token';

  it.each([
    [
      "a proxy's HTML",
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>the-token</html>' },
      'text/html',
    ],
    [
      'HTML with a success status',
      { headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>the-token' },
      'text/html',
    ],
    ['truncated JSON', { status: 201, body: '{"secretAccessKey":"the-token' }, 'application/json'],
    ['JSON that is not an object', { body: '"the-token"' }, 'application/json'],
    ["another API's message", { status: 403, body: { message: canonical } }, 'application/json'],
    [
      'a problem without a code',
      { status: 400, headers: { 'content-type': 'application/problem+json' }, body: { title: 'the-token' } },
      'application/problem+json',
    ],
    ['a missing type', { headers: { 'content-type': '' }, body: 'the-token' }, 'without a media type'],
  ] as readonly (readonly [string, Reply, string])[])('is %s, and is not shown', async (_, answer, told) => {
    api.on('POST /v1/me/sessions', answer);
    const error = await failureOf(
      api.client().createSession({ presignedUrl: 'https://sts.example/?TokenCode=123456' }),
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      name: 'ApiError',
      kind: 'unexpected-answer',
      operation: 'createSession',
      status: answer.status ?? 200,
    });
    expect(String(error)).toContain(told);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/the-token|123456/);
  });

  it('includes redirects, which are not followed with codes and tokens', async () => {
    api.on('PUT /v1/me/first-mfa-device/phone/activation', {
      status: 307,
      headers: { location: `${api.url}/elsewhere` },
    });
    const error = await failureOf(
      api.client().enableFirstMfaDevice({ deviceId: 'phone', code1: '123456', code2: '654321' }),
    );
    expect(error).toMatchObject({ kind: 'unexpected-answer', status: 307 });
    expect(api.requests).toHaveLength(1);
  });
});

it('shows no credentials when inspected', async () => {
  const client = api.client({ credentials: { ...keys, sessionToken: 'the-token' } });
  api.on('GET /v1/me', 'break');
  const error = await failureOf(client.getMe());
  expect(inspect([client, error], { depth: 9, showHidden: true })).not.toMatch(/the-secret|the-token/);
});
