import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyDocument, SessionContext } from '../../../local-aws/principal.ts';
import {
  expiredKeys,
  startTestGateway,
  type TestGateway,
  testRole,
  testUser,
} from '../../support/gateway.ts';
import { rawFetch, signedFetch, signedRequest } from '../../support/http.ts';

const longTerm = testUser();
const now = Date.now();
const session = (age?: number): SessionContext => ({
  issuedAt: now - 3600_000,
  expiresAt: now + 3600_000,
  policies: [],
  ...(age === undefined ? {} : { mfaAt: Date.now() - age * 1000 }),
});

const gateways: TestGateway[] = [];
afterAll(() => Promise.all(gateways.map((gateway) => gateway.close())));

/** A gateway that knows the caller's keys. */
async function gatewayFor(caller = longTerm, policies?: readonly PolicyDocument[]) {
  const gateway = await startTestGateway({ callers: [caller, testRole], ...(policies && { policies }) });
  gateways.push(gateway);
  return gateway.url;
}

describe('the signature', () => {
  let url: string;
  beforeAll(async () => {
    url = await gatewayFor();
  });
  const signed = (body?: unknown) => signedRequest(url, longTerm.keys, 'POST', '/v1/me/sessions', body);

  it('is required', async () => {
    const answer = await rawFetch(url, 'GET', '/v1/me');
    expect(answer.json()).toMatchObject({ status: 403, code: 'unauthenticated' });
    expect(answer.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
  });

  it('lets in a user who signs with their own keys', async () => {
    const { headers, body } = signed({ a: 1 });
    expect((await rawFetch(url, 'POST', '/v1/me/sessions', headers, body)).status).toBe(200);
  });

  it.each<[string, (request: ReturnType<typeof signed>) => Parameters<typeof rawFetch>]>([
    ['body', ({ headers }) => [url, 'POST', '/v1/me/sessions', headers, '{"a":2}']],
    ['path', ({ headers, body }) => [url, 'POST', '/v1/mfa-devices', headers, body]],
    ['query', ({ headers, body }) => [url, 'POST', '/v1/me/sessions?a=1', headers, body]],
    ['method', ({ headers, body }) => [url, 'PUT', '/v1/mfa-devices/a/activation', headers, body]],
    ['header', ({ headers, body }) => [url, 'POST', '/v1/me/sessions', { ...headers, Host: 'b' }, body]],
    [
      'added x-amz- header',
      ({ headers, body }) => [
        url,
        'POST',
        '/v1/me/sessions',
        { ...headers, 'X-Amz-Security-Token': 't' },
        body,
      ],
    ],
  ])('covers the %s', async (_, tamper) => {
    const answer = await rawFetch(...tamper(signed({ a: 1 })));
    expect(answer.json()).toMatchObject({ status: 403, code: 'unauthenticated' });
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
  });

  it.each([
    ['another service', { service: 'sts' }],
    ['another Region', { region: 'eu-west-1' }],
    ['ten minutes ago', { date: new Date(Date.now() - 600_000) }],
    ['in ten minutes', { date: new Date(Date.now() + 600_000) }],
  ])('is refused when made for %s', async (_, scope) => {
    const request = signedRequest(url, longTerm.keys, 'GET', '/v1/me', undefined, {}, scope);
    const answer = await rawFetch(url, 'GET', '/v1/me', request.headers);
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
  });

  it('is refused from an unknown key or with a wrong secret', async () => {
    const unknown = { ...longTerm.keys, accessKeyId: 'AKIANOBODY0000000001' };
    const wrong = { ...longTerm.keys, secretAccessKey: 'guess' };
    for (const keys of [unknown, wrong]) {
      const answer = await signedFetch(url, keys, 'GET', '/v1/me');
      expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
    }
  });

  it('is refused as expired from a session that has ended', async () => {
    const answer = await signedFetch(url, expiredKeys, 'GET', '/v1/me');
    expect(answer.headers['x-amzn-errortype']).toBe('ExpiredTokenException');
  });
});

describe('a route', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v1/Me'],
    ['DELETE', '/v1/me'],
    ['GET', '/v1/me/mfa-devices/a/b'],
    ['HEAD', '/v1/me'],
  ])('that does not exist looks as if it were not signed: %s %s', async (method, target) => {
    const answer = await signedFetch(await gatewayFor(), longTerm.keys, method, target);
    expect(answer.status).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
  });

  // The front is as lenient as can be, so that the product is proved against any.
  it.each([
    ['//v1//mfa-devices', '/v1/mfa-devices'],
    ['/v1/mfa-devices/', '/v1/mfa-devices'],
    ['/v1/me/../mfa-devices', '/v1/mfa-devices'],
    ['/v1/./mfa-devices', '/v1/mfa-devices'],
    ['/v1/%6dfa-devices', '/v1/mfa-devices'],
    ['/v1/me/%2e%2E/mfa-devices', '/v1/mfa-devices'],
    ['/v1%2Fmfa-devices', '/v1/mfa-devices'],
    ['/../v1/mfa-devices', '/v1/mfa-devices'],
    ['/v1/me/mfa-devices/a%2Fb', '/v1/me/mfa-devices/{deviceId}'],
  ])('is found by any spelling: %s', async (target, resource) => {
    const answer = await signedFetch(await gatewayFor(), testRole.keys, 'GET', target);
    expect(answer.json()).toMatchObject({ event: { resource, path: target } });
  });
});

describe('the gate', () => {
  it.each([
    ['a long-term key', longTerm],
    ['a session without MFA', testUser(session())],
    ['a session with old MFA', testUser(session(1200))],
  ])('is closed to users with %s, and the answer says how to step up', async (_, caller) => {
    const answer = await signedFetch(await gatewayFor(caller), caller.keys, 'POST', '/v1/mfa-devices', {});
    expect(answer.json()).toMatchObject({ status: 403, code: 'access-denied', maxAgeSeconds: 900 });
    expect(answer.headers['x-amzn-errortype']).toBe('AccessDeniedException');
  });

  it('is open to users with recent MFA', async () => {
    const caller = testUser(session(10));
    const answer = await signedFetch(await gatewayFor(caller), caller.keys, 'POST', '/v1/mfa-devices', {});
    expect(answer.status).toBe(200);
  });

  it('closes as the local clock moves', async () => {
    const caller = testUser(session(10));
    const url = await gatewayFor(caller);
    gateways.at(-1)?.clock.advance(900);
    expect((await signedFetch(url, caller.keys, 'POST', '/v1/mfa-devices', {})).status).toBe(403);
  });

  it.each(['GET', 'DELETE', 'PUT', 'PATCH'])(
    'stops a POST that claims to be a %s, by its path alone',
    async (override) => {
      const headers = { 'X-HTTP-Method-Override': override };
      for (const target of ['/v1/mfa-devices', '/v1/mfa-devices/a', '/v1/mfa-devices/a/activation']) {
        const answer = await signedFetch(
          await gatewayFor(),
          longTerm.keys,
          'POST',
          target,
          undefined,
          headers,
        );
        expect(answer.status).toBe(403);
      }
    },
  );

  it('sees the path as sent and leaves odd spellings to the function', async () => {
    const answer = await signedFetch(await gatewayFor(), longTerm.keys, 'GET', '/v1/%6dfa-devices');
    expect(answer.json()).toMatchObject({
      event: { path: '/v1/%6dfa-devices', resource: '/v1/mfa-devices' },
    });
  });
});

describe('X-HTTP-Method-Override', () => {
  it('changes the route of a POST', async () => {
    const headers = { 'x-http-method-override': 'get' };
    const answer = await signedFetch(await gatewayFor(), testRole.keys, 'POST', '/v1/me', undefined, headers);
    expect(answer.json()).toMatchObject({ event: { httpMethod: 'GET', resource: '/v1/me' } });
  });

  it('has no effect on other methods', async () => {
    const headers = { 'X-HTTP-Method-Override': 'DELETE' };
    const answer = await signedFetch(await gatewayFor(), testRole.keys, 'GET', '/v1/me', undefined, headers);
    expect(answer.json()).toMatchObject({ event: { httpMethod: 'GET' } });
  });
});

describe('policies', () => {
  const invoke = (Effect: 'Allow' | 'Deny', Resource: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: { Effect, Action: 'execute-api:Invoke', Resource },
  });
  const arn = 'arn:aws:execute-api:us-east-1:123456789012:localapi00/local';

  it.each<[string, number, readonly PolicyDocument[]]>([
    ['nothing', 403, []],
    ['the method', 200, [invoke('Allow', `${arn}/GET/v1/me`)]],
    ['another method', 403, [invoke('Allow', `${arn}/POST/v1/me`)]],
    ['another stage', 403, [invoke('Allow', `${arn.replace(/local$/, 'prod')}/GET/v1/me`)]],
    ['everything but this', 403, [invoke('Allow', '*'), invoke('Deny', `${arn}/GET/v1/me`)]],
  ])('that allow a user %s answer %d', async (_, status, policies) => {
    const answer = await signedFetch(await gatewayFor(longTerm, policies), longTerm.keys, 'GET', '/v1/me');
    expect(answer.status).toBe(status);
  });

  it('limit a session by its session policies', async () => {
    const caller = testUser({ ...session(10), policies: [invoke('Allow', `${arn}/GET/v1/other`)] });
    const answer = await signedFetch(await gatewayFor(caller), caller.keys, 'GET', '/v1/me');
    expect(answer.status).toBe(403);
  });

  it('let anyone use an anonymous route, but no other method of its path', async () => {
    const url = await gatewayFor(longTerm, []);
    expect((await rawFetch(url, 'GET', '/v1/health')).status).toBe(200);
    const headers = { 'X-HTTP-Method-Override': 'GET' };
    expect((await rawFetch(url, 'POST', '/v1/health', headers)).status).toBe(403);
  });
});
