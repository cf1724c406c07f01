import { describe, expect, it } from 'vitest';
import {
  type GatewayResponseType,
  gatewayResponseTypes,
  logicalId,
} from '../../infra/template/gateway-responses.ts';
import { problems } from '../../shared/contract/problem.ts';
import { place, propertiesOf, resolvedOf } from '../support/packaged-template.ts';

const portal = 'https://portal.example.com';
const resolved = resolvedOf('live', { stepUpMaxAge: 600 });

/** A response as deployed, with the request id in place of API Gateway's variable. */
function responseOf(type: GatewayResponseType, { resources } = resolved) {
  const { StatusCode, ResponseParameters, ResponseTemplates } = resources[logicalId(type)]?.properties ?? {};
  const headers = Object.entries<string>(Object(ResponseParameters)).map(([name, value]) => [
    name.replace('gatewayresponse.header.', ''),
    value.replace(/^'(.*)'$/, '$1'),
  ]);
  const body: string = Object(ResponseTemplates)['application/json'];
  return {
    statusCode: Number(StatusCode),
    headers: Object.fromEntries(headers),
    body: body.replace('$context.requestId', 'r-1'),
  };
}

describe('a response of the gateway itself', () => {
  it('exists for each type, and there are no others', () => {
    const responses = [...propertiesOf(resolved, 'AWS::ApiGateway::GatewayResponse')];
    expect(responses.map(([id, { ResponseType }]) => [id, ResponseType])).toEqual(
      gatewayResponseTypes.map((type) => [logicalId(type), type]),
    );
    for (const [, { RestApiId }] of responses) expect(RestApiId).toBe(place.apiId);
  });

  it.each(gatewayResponseTypes)('%s is a problem document', (type) => {
    const { statusCode, headers, body } = responseOf(type);
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
    const { statusCode, body } = responseOf('ACCESS_DENIED');
    expect(statusCode).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ code: 'access-denied', maxAgeSeconds: 600 });
    expect(body).toContain('POST /v1/me/sessions');
  });

  it.each(['THROTTLED', 'QUOTA_EXCEEDED'] as const)('says when to retry for %s', (type) => {
    const { headers, body } = responseOf(type);
    expect(headers['retry-after']).toBe(String(JSON.parse(body).retryAfter));
  });

  it.each(gatewayResponseTypes)('%s uses only the request id as a variable', (type) => {
    const properties = resolved.resources[logicalId(type)]?.properties;
    expect(JSON.stringify(properties).match(/\$[a-z.]+/gi)).toEqual(['$context.requestId']);
  });
});

describe('what pages from other origins can read', () => {
  const withOrigins = (...allowedOrigins: readonly string[]) => resolvedOf('live', { allowedOrigins });

  it.each(gatewayResponseTypes)('is nothing of %s without origins configured', (type) => {
    const { headers } = responseOf(type);
    expect(Object.keys(headers).filter((name) => /^access-control|^vary/.test(name))).toEqual([]);
  });

  it.each([
    ['one origin', [portal]],
    ['several origins, the first of them', [portal, 'https://other.example.com']],
  ])('is the response for %s', (_, origins) => {
    expect(responseOf('ACCESS_DENIED', withOrigins(...origins)).headers).toMatchObject({
      'access-control-allow-origin': portal,
      vary: 'origin',
    });
  });

  it.each(gatewayResponseTypes)('of %s never depends on the request’s Origin', (type) => {
    const template = withOrigins(portal);
    const { ResponseParameters } = template.resources[logicalId(type)]?.properties ?? {};
    expect(ResponseParameters).toMatchObject({
      'gatewayresponse.header.access-control-allow-origin': `'${portal}'`,
    });
    expect(JSON.stringify(ResponseParameters)).not.toMatch(/method\.request|credentials/);
  });
});
