import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway, testRole, testUser } from '../../support/gateway.ts';
import { rawFetch, signedFetch } from '../../support/http.ts';

const user = testUser();
let running: TestGateway;
beforeAll(async () => {
  running = await startTestGateway({ callers: [user, testRole] });
});
afterAll(() => running.close());

/** The event of a request. */
async function eventOf(
  ...request: [method: string, target: string, body?: unknown, headers?: Record<string, string>]
) {
  const answer = await signedFetch(running.url, testRole.keys, ...request);
  expect(answer.status).toBe(200);
  return eventIn(answer.text);
}

function eventIn(text: string): APIGatewayProxyEvent {
  return JSON.parse(text).event;
}

describe('the event of a request', () => {
  it('has the shape of a REST API on a custom domain', async () => {
    const event = await eventOf('PUT', '/v1/mfa-devices/a%20b/activation?x=1&y=a%2Fb&x=2', { code: 1 });
    expect(event).toMatchObject({
      resource: '/v1/mfa-devices/{deviceId}/activation',
      path: '/v1/mfa-devices/a%20b/activation',
      httpMethod: 'PUT',
      queryStringParameters: { x: '2', y: 'a/b' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: ['a/b'] },
      pathParameters: { deviceId: 'a%20b' },
      stageVariables: null,
      body: '{"code":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '123456789012',
        apiId: 'localapi00',
        httpMethod: 'PUT',
        path: '/v1/mfa-devices/a%20b/activation',
        protocol: 'HTTP/1.1',
        resourcePath: '/v1/mfa-devices/{deviceId}/activation',
        stage: 'local',
      },
    });
  });

  it('has null for absent parts of a request', async () => {
    expect(await eventOf('GET', '/v1/me')).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
    });
  });

  it('has the time of the local clock, and ids', async () => {
    running.clock.advance(3600);
    const before = running.clock.now();
    const { requestContext } = await eventOf('GET', '/v1/me');
    expect(requestContext.requestTimeEpoch).toBeGreaterThanOrEqual(before);
    expect(requestContext.requestTimeEpoch).toBeLessThanOrEqual(running.clock.now());
    expect(requestContext.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    expect(requestContext.requestId).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(requestContext.extendedRequestId).toMatch(/=$/);
  });

  it('names the role that signed', async () => {
    const { requestContext } = await eventOf('GET', '/v1/me', undefined, { 'User-Agent': 'tests/1' });
    expect(requestContext.identity).toEqual({
      accessKey: 'ASIATESTROLE00000001',
      accountId: '123456789012',
      apiKey: null,
      apiKeyId: null,
      caller: 'AROATESTROLE00000001:tess',
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: '127.0.0.1',
      user: 'AROATESTROLE00000001:tess',
      userAgent: 'tests/1',
      userArn: 'arn:aws:sts::123456789012:assumed-role/helper/tess',
    });
  });

  it('names the user who signed', async () => {
    const { text } = await signedFetch(running.url, user.keys, 'GET', '/v1/me');
    expect(eventIn(text).requestContext.identity).toMatchObject({
      accessKey: 'AKIATESTUSER00000001',
      caller: 'AIDATESTUSER00000001',
      user: 'AIDATESTUSER00000001',
      userArn: 'arn:aws:iam::123456789012:user/team/tess',
    });
  });

  it('names no one on an anonymous route, even if signed', async () => {
    const answers = await Promise.all([
      rawFetch(running.url, 'GET', '/v1/health'),
      signedFetch(running.url, user.keys, 'GET', '/v1/health'),
    ]);
    for (const { text } of answers) {
      expect(eventIn(text).requestContext.identity).toMatchObject({
        accessKey: null,
        userArn: null,
        user: null,
      });
    }
  });

  it('has the headers as sent, without the signature but with the session token', async () => {
    const { headers, multiValueHeaders } = await eventOf('GET', '/v1/me', undefined, { 'X-Custom': 'one' });
    expect(headers).toMatchObject({ 'X-Custom': 'one', 'X-Amz-Security-Token': 'role-token' });
    expect(multiValueHeaders).toMatchObject({ 'X-Custom': ['one'] });
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('authorization');
  });

  it('does not let clients forge the gatewayâs connection headers', async () => {
    const { headers, multiValueHeaders } = await eventOf('GET', '/v1/me', undefined, {
      'X-Forwarded-For': '10.0.0.1',
      'X-Forwarded-Proto': 'gopher',
      'X-Amzn-Trace-Id': 'forged',
    });
    expect(headers['X-Forwarded-For']).toBe('10.0.0.1, 127.0.0.1');
    expect(multiValueHeaders['X-Forwarded-For']).toEqual(['10.0.0.1, 127.0.0.1']);
    expect(headers['X-Forwarded-Proto']).toBe('http');
    expect(headers['X-Amzn-Trace-Id']).toMatch(/^Root=1-[\da-f]{8}-[\da-f]{24}$/);
  });

  it.each([
    ['image/png', true, Buffer.from([0x89, 0xff]).toString('base64')],
    ['IMAGE/PNG; q=1', true, Buffer.from([0x89, 0xff]).toString('base64')],
    ['application/json', false, '\uFFFD\uFFFD'],
  ])('has a body of %s in base64: %s', async (type, isBase64Encoded, body) => {
    const event = await eventOf('POST', '/v1/me/sessions', Buffer.from([0x89, 0xff]), {
      'Content-Type': type,
    });
    expect(event).toMatchObject({ isBase64Encoded, body });
  });
});

describe("the console's test page", () => {
  it('passes every gate under its own stage', async () => {
    const { principal } = testUser();
    const answer = await running.gateway.testInvoke({
      method: 'GET',
      target: '/v1/mfa-devices?a=1',
      principal,
    });
    expect(answer.status).toBe(200);
    expect(eventIn(answer.body.toString())).toMatchObject({
      queryStringParameters: { a: '1' },
      requestContext: {
        apiId: 'localapi00',
        stage: 'test-invoke-stage',
        identity: {
          userArn: principal.arn,
          accessKey: principal.accessKeyId,
          sourceIp: 'test-invoke-source-ip',
        },
      },
    });
  });

  it('finds no function without a route', async () => {
    const { principal } = testUser();
    const answer = await running.gateway.testInvoke({ method: 'GET', target: '/v2', principal });
    expect(answer.status).toBe(404);
  });
});
