import { describe, expect, it } from 'vitest';
import { gatewayAnswer, readGatewayResponse } from '../../../../local-aws/gateway/gateway-responses.ts';

const context = {
  requestId: 'r-1',
  extendedRequestId: 'x-1',
  requestTimeEpoch: '1700000000000',
  apiId: 'api',
  stage: 'local',
  httpMethod: 'GET',
  path: '/v1/me',
  resourcePath: '/v1/me',
  'identity.sourceIp': '192.0.2.1',
};

/** The response that a template's properties make. */
const read = (properties: Readonly<Record<string, unknown>>, variables = {}) =>
  readGatewayResponse(
    [
      'Response',
      {
        type: 'AWS::ApiGateway::GatewayResponse',
        properties: { RestApiId: 'api', ResponseType: 'THROTTLED', ...properties },
        ref: 'r',
        attributes: {},
        dependsOn: [],
      },
    ],
    variables,
  );

const answer = (properties: Readonly<Record<string, unknown>>, variables = {}) => {
  const { type, response } = read(properties, variables);
  return shown(gatewayAnswer('THROTTLED', new Map([[type, response]]), context));
};

const shown = ({ status, headers, body }: ReturnType<typeof gatewayAnswer>) => ({
  status,
  headers: Object.fromEntries(headers),
  text: body.toString(),
});

const json = (template: string) => ({ ResponseTemplates: { 'application/json': template } });

describe('a gateway response', () => {
  it('has the status, headers and text of its template', () => {
    const properties = {
      StatusCode: '420',
      ResponseParameters: {
        'gatewayresponse.header.Content-Type': "'text/plain'",
        'gatewayresponse.header.x-id': 'context.requestId',
        'gatewayresponse.header.x-origin': 'stageVariables.origin',
      },
      ...json('$context.error.responseType in $stageVariables.name.'),
    };
    expect(answer(properties, { origin: 'https://a.example', name: 'local' })).toEqual({
      status: 420,
      headers: {
        'content-type': 'text/plain',
        'x-id': 'r-1',
        'x-origin': 'https://a.example',
        'x-amzn-errortype': 'TooManyRequestsException',
      },
      text: 'THROTTLED in local.',
    });
  });

  it('quotes a message only where the template says so', () => {
    expect(answer(json('{"a":$context.error.messageString,"b":"$context.error.message"}')).text).toBe(
      '{"a":"Too Many Requests","b":"Too Many Requests"}',
    );
  });

  it("has API Gateway's own text and type without a template, and the type's own status", () => {
    expect(answer({})).toMatchObject({
      status: 429,
      headers: { 'content-type': 'application/json' },
      text: '{"message":"Too Many Requests"}',
    });
  });

  it.each([
    ['$context.authorizer.claims', /\$context\.authorizer\.claims is not supported/],
    ['$context.requestId2', /\$context\.requestId2 is not supported/],
    ['$stageVariables.origin', /no variable "origin"/],
    ['$stageVariables.constructor', /no variable "constructor"/],
    ['$input.params("Origin")', /no VTL/],
    ['$!{context.requestId}', /no VTL/],
    ['#set($a = 1)', /no VTL/],
  ])('refuses %s in a template', (template, message) => {
    expect(() => read(json(template))).toThrow(message);
    expect(() => read(json(template))).toThrow(/^Response: /);
  });

  it.each([
    ['https://a.example', /not supported/],
    ["'a' + 'b'", /not static text/],
    ["'a", /not static text/],
    ['method.request.header.Origin', /not supported/],
    ['context.nothing', /not supported/],
    ['stageVariables.origin', /no variable "origin"/],
  ])('refuses the header value %s', (value, message) => {
    expect(() => read({ ResponseParameters: { 'gatewayresponse.header.x': value } })).toThrow(message);
  });

  it('sets nothing but headers', () => {
    expect(() => read({ ResponseParameters: { 'gatewayresponse.body': "'x'" } })).toThrow(
      'gatewayresponse.body',
    );
  });
});

describe('a gateway response that the template lacks', () => {
  const fallback = (type: string, properties: Readonly<Record<string, unknown>>) =>
    new Map([[type, read({ ResponseType: type, ...properties }).response]]);

  it.each([
    ['ACCESS_DENIED', 'DEFAULT_4XX', 403],
    ['UNSUPPORTED_MEDIA_TYPE', 'DEFAULT_4XX', 415],
    ['INTEGRATION_TIMEOUT', 'DEFAULT_5XX', 504],
    ['API_CONFIGURATION_ERROR', 'DEFAULT_5XX', 500],
  ] as const)('%s is %s with its own status, unless that has one', (type, byDefault, status) => {
    const text = json('$context.error.responseType');
    expect(shown(gatewayAnswer(type, fallback(byDefault, text), context))).toMatchObject({
      status,
      text: type,
    });
    const responses = fallback(byDefault, { ...text, StatusCode: '418' });
    expect(gatewayAnswer(type, responses, context).status).toBe(418);
  });

  it("is API Gateway's own without a default of its class", () => {
    const denied = gatewayAnswer('ACCESS_DENIED', fallback('DEFAULT_5XX', json('x')), context);
    expect(shown(denied)).toEqual({
      status: 403,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
      text: '{"message":"Forbidden"}',
    });
  });
});
