import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../infra/cloudformation/template.ts';
import { restApiOf } from '../../../local-aws/gateway/rest-api.ts';
import { fixtureOperations } from '../../support/fixtures/operations.ts';
import {
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
  testRole,
} from '../../support/gateway.ts';
import { rawFetch, signedFetch } from '../../support/http.ts';
import { resolvedTemplate, withoutResources, withProperties } from '../../support/rest-api.ts';

const gateways: TestGateway[] = [];
afterAll(() => Promise.all(gateways.map((gateway) => gateway.close())));

async function start(template: ResolvedTemplate, options: Partial<TestGatewayOptions> = {}): Promise<string> {
  const gateway = await startTestGateway({ callers: [testRole], api: restApiOf(template), ...options });
  gateways.push(gateway);
  return gateway.url;
}

const template = resolvedTemplate(fixtureOperations);
const get = (url: string, target = '/v1/me') => signedFetch(url, testRole.keys, 'GET', target);
const ok = { payload: JSON.stringify({ statusCode: 200, body: '{}' }) };

describe('throttling', () => {
  it('gives each method its burst, then 429 with the time to wait', async () => {
    const limits = { ThrottlingRateLimit: '1', ThrottlingBurstLimit: '2' };
    const url = await start(resolvedTemplate(fixtureOperations, limits));
    const answers = [await get(url), await get(url), await get(url)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.json()).toMatchObject({ code: 'throttled', retryAfter: 1 });
    expect(answers[2]?.headers).toMatchObject({
      'retry-after': '1',
      'x-amzn-errortype': 'TooManyRequestsException',
    });
    expect((await get(url, '/v1/mfa-devices')).status).toBe(200);
  });

  it('takes nothing from a method for requests that are refused', async () => {
    const url = await start(
      resolvedTemplate(fixtureOperations, { ThrottlingRateLimit: '1', ThrottlingBurstLimit: '1' }),
    );
    for (let sent = 0; sent < 3; sent += 1) await rawFetch(url, 'GET', '/v1/me');
    expect((await get(url)).status).toBe(200);
  });
});

describe('a function that the API may not invoke', () => {
  it('is not invoked, and the answer is a 500 without detail', async () => {
    const invoked: string[] = [];
    const url = await start(withoutResources(template, 'GetDashmeLambdaPermissionApiGateway'), {
      invoke: async (name) => {
        invoked.push(name);
        return ok;
      },
    });
    expect((await get(url)).json()).toMatchObject({ status: 500, code: 'internal-error' });
    expect((await get(url, '/v1/mfa-devices')).status).toBe(200);
    expect(invoked).toEqual(['mfa-self-service-local-list-devices']);
  });
});

describe('a gateway response that the template lacks', () => {
  it('is the default of its class', async () => {
    const url = await start(withoutResources(template, 'GatewayResponseMissingAuthenticationToken'));
    expect((await rawFetch(url, 'GET', '/v1/me')).json()).toMatchObject({ code: 'validation-failed' });
  });

  it("is API Gateway's own if that is missing too", async () => {
    const ids = ['GatewayResponseMissingAuthenticationToken', 'GatewayResponseDefault4xx'];
    const { status, headers, text } = await rawFetch(
      await start(withoutResources(template, ...ids)),
      'GET',
      '/v1/me',
    );
    expect({ status, text }).toEqual({ status: 403, text: '{"message":"Missing Authentication Token"}' });
    expect(headers['content-type']).toBe('application/json');
  });
});

describe('a preflight', () => {
  const origins = { AllowedOrigins: 'https://portal.example.com,http://localhost:5173' };
  const url = start(resolvedTemplate(fixtureOperations, origins));
  const preflight = async (headers: Readonly<Record<string, string>>, target = '/v1/me') =>
    rawFetch(await url, 'OPTIONS', target, headers);
  const allowed = async (Origin: string, target?: string) =>
    (await preflight({ Origin }, target)).headers['access-control-allow-origin'];

  it('allows each origin of the list, whatever the case of the header', async () => {
    expect(await allowed('https://portal.example.com')).toBe('https://portal.example.com');
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    const { status, headers, text } = await preflight({ origin: 'http://localhost:5173' });
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:5173',
      'access-control-allow-methods': 'GET',
      vary: 'origin',
    });
  });

  it.each([
    'https://evil.example.com',
    'https://portal.example.com,http://localhost:5173',
    'https://portal.example.com,',
    ',',
    '',
    'portal.example.com',
    'https://portal.example.co',
    'localhost',
    '$stageVariables.allowedOrigins',
    '*',
    'null',
  ])('does not allow %j', async (origin) => {
    expect(await allowed(origin)).toBeUndefined();
  });

  it('does not echo an origin that is only in the query', async () => {
    const target = '/v1/me?Origin=https://evil.example.com';
    expect(await allowed('https://portal.example.com', target)).toBeUndefined();
  });

  it('takes no body of another media type', async () => {
    const answer = await preflight({ 'Content-Type': 'text/plain' });
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('does not exist without origins', async () => {
    const answer = await rawFetch(await start(template), 'OPTIONS', '/v1/me', {
      Origin: 'https://a.example',
    });
    expect(answer.json()).toMatchObject({ status: 403, code: 'unauthenticated' });
  });

  it('tells functions the stage’s variables, too', async () => {
    expect((await get(await url)).json().event.stageVariables).toEqual({
      allowedOrigins: origins.AllowedOrigins,
    });
  });
});

describe('an API without a resource policy', () => {
  const open = withProperties(template, 'ApiGatewayRestApi', { Policy: undefined });

  it('leaves it to the callers’ own policies, and lets anyone call what needs no signature', async () => {
    const url = await start(open, { policies: [] });
    expect((await get(url)).json()).toMatchObject({ code: 'access-denied' });
    expect((await rawFetch(url, 'GET', '/v1/health')).status).toBe(200);
    expect((await get(await start(open))).status).toBe(200);
  });
});

describe('more requests than run at once', () => {
  it('wait their turn, first come, first served', async () => {
    const served: string[] = [];
    let running = 0;
    let most = 0;
    const url = await start(template, {
      mostInvocations: 2,
      invoke: async (name) => {
        running += 1;
        most = Math.max(most, running);
        await sleep(20);
        running -= 1;
        served.push(name);
        return ok;
      },
    });
    const answers = await Promise.all(Array.from({ length: 12 }, () => get(url)));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect({ most, served: served.length }).toEqual({ most: 2, served: 12 });
  });

  it('are not served behind their clients’ backs after they have waited too long', async () => {
    const invoked: unknown[] = [];
    const { promise: end, resolve } = Promise.withResolvers<typeof ok>();
    const url = await start(template, {
      mostInvocations: 1,
      integrationTimeoutMs: 100,
      invoke: (_, event) => {
        invoked.push(event);
        return end;
      },
    });
    const answers = await Promise.all([get(url), get(url), get(url)]);
    expect(answers.map(({ status }) => status)).toEqual([504, 504, 504]);
    resolve(ok);
    await sleep(20);
    expect(invoked).toHaveLength(1);
    expect((await get(url)).status).toBe(200);
  });
});
