import { describe, expect, it } from 'vitest';
import {
  gatewayResponseResources,
  gatewayResponseTypes,
  logicalId,
  renderGatewayResponse,
} from '../../infra/template/gateway-responses.ts';
import { problems } from '../../shared/contract/problem.ts';

const settings = { stepUpMaxAge: 600 };

describe('an answer of the gateway itself', () => {
  it.each(gatewayResponseTypes)('%s is a problem document', (type) => {
    const { statusCode, headers, body } = renderGatewayResponse(type, { ...settings, requestId: 'r-1' });
    const problem = JSON.parse(body);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
    expect(problem).toMatchObject({
      type: `/problems/${problem.code}`,
      status: statusCode,
      requestId: 'r-1',
    });
    expect(problems).toHaveProperty(problem.code, { status: statusCode, title: problem.title });
    expect(problem.detail).toMatch(/\.$/);
  });

  it('says how to step up when access is denied, and how long that lasts', () => {
    const { statusCode, body } = renderGatewayResponse('ACCESS_DENIED', { ...settings, requestId: 'r-1' });
    expect(statusCode).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ code: 'access-denied', maxAgeSeconds: 600 });
    expect(body).toContain('POST /v1/me/sessions');
  });

  it.each(['THROTTLED', 'QUOTA_EXCEEDED'] as const)('says when to retry for %s', (type) => {
    const { headers, body } = renderGatewayResponse(type, { ...settings, requestId: 'r-1' });
    expect(headers['retry-after']).toBe(String(JSON.parse(body).retryAfter));
  });
});

describe('the template’s resources', () => {
  const resources = gatewayResponseResources(settings);

  it.each(gatewayResponseTypes)('%s matches the local gateway’s answer', (type) => {
    const local = renderGatewayResponse(type, { ...settings, requestId: '$context.requestId' });
    const headers = Object.entries(local.headers).map(([name, value]) => [
      `gatewayresponse.header.${name}`,
      `'${value}'`,
    ]);
    expect(resources[logicalId(type)]).toMatchObject({
      Properties: {
        ResponseType: type,
        StatusCode: String(local.statusCode),
        ResponseParameters: Object.fromEntries(headers),
        ResponseTemplates: { 'application/json': local.body },
      },
    });
  });

  it.each(gatewayResponseTypes)('%s uses only the request id as a variable', (type) => {
    expect(JSON.stringify(resources[logicalId(type)]).match(/\$[a-z.]+/gi)).toEqual(['$context.requestId']);
  });
});

describe('what pages from other origins can read', () => {
  const portal = 'https://portal.example.com';
  const headersWith = (...allowedOrigins: readonly string[]) =>
    renderGatewayResponse('ACCESS_DENIED', { ...settings, allowedOrigins, requestId: 'r-1' }).headers;

  it('is nothing without origins configured', () => {
    expect(Object.keys(headersWith()).filter((name) => /^access-control|^vary/.test(name))).toEqual([]);
  });

  it.each([
    ['one origin', [portal]],
    ['several origins, the first of them', [portal, 'https://other.example.com']],
  ])('is the answer for %s', (_, origins) => {
    expect(headersWith(...origins)).toMatchObject({ 'access-control-allow-origin': portal, vary: 'origin' });
  });

  it.each(gatewayResponseTypes)('of %s never depends on the request’s Origin', (type) => {
    const resources = gatewayResponseResources({ ...settings, allowedOrigins: [portal] });
    const parameters = Object(resources[logicalId(type)]).Properties.ResponseParameters;
    expect(parameters['gatewayresponse.header.access-control-allow-origin']).toBe(`'${portal}'`);
    expect(JSON.stringify(parameters)).not.toMatch(/method\.request|credentials/);
  });
});
