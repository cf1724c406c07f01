import { describe, expect, it } from 'vitest';
import {
  gatewayResponseResources,
  gatewayResponseTypes,
  logicalId,
  renderGatewayResponse,
} from '../../infra/template/gateway-responses.ts';
import { problems } from '../../shared/contract/problem.ts';

const settings = { stepUpMaxAge: 600 };

describe('what the gateway answers by itself', () => {
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

  it('tells who is denied how to step up, and for how long that holds', () => {
    const { statusCode, body } = renderGatewayResponse('ACCESS_DENIED', { ...settings, requestId: 'r-1' });
    expect(statusCode).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ code: 'access-denied', maxAgeSeconds: 600 });
    expect(body).toContain('POST /v1/me/sessions');
  });

  it.each(['THROTTLED', 'QUOTA_EXCEEDED'] as const)('says with %s when to come back', (type) => {
    const { headers, body } = renderGatewayResponse(type, { ...settings, requestId: 'r-1' });
    expect(headers['retry-after']).toBe(String(JSON.parse(body).retryAfter));
  });
});

describe('the resources of the template', () => {
  const resources = gatewayResponseResources(settings);

  it.each(gatewayResponseTypes)('%s answers the same as the local gateway', (type) => {
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

  it.each(gatewayResponseTypes)('%s uses no variable but the request id', (type) => {
    expect(JSON.stringify(resources[logicalId(type)]).match(/\$[a-z.]+/gi)).toEqual(['$context.requestId']);
  });
});

describe('what pages of other origins can read', () => {
  const portal = 'https://portal.example.com';
  const headersWith = (...allowedOrigins: readonly string[]) =>
    renderGatewayResponse('ACCESS_DENIED', { ...settings, allowedOrigins, requestId: 'r-1' }).headers;

  it('is nothing without origins configured', () => {
    expect(Object.keys(headersWith()).filter((name) => /^access-control|^vary/.test(name))).toEqual([]);
  });

  it.each([
    ['one origin', [portal]],
    ['several origins, the first of them', [portal, 'https://other.example.com']],
  ])('is for %s', (_, origins) => {
    expect(headersWith(...origins)).toMatchObject({ 'access-control-allow-origin': portal, vary: 'origin' });
  });

  it.each(gatewayResponseTypes)('of %s never depends on what the request says its origin is', (type) => {
    const resources = gatewayResponseResources({ ...settings, allowedOrigins: [portal] });
    const parameters = Object(resources[logicalId(type)]).Properties.ResponseParameters;
    expect(parameters['gatewayresponse.header.access-control-allow-origin']).toBe(`'${portal}'`);
    expect(JSON.stringify(parameters)).not.toMatch(/method\.request|credentials/);
  });
});
