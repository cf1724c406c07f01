import { describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../../../infra/cloudformation/template.ts';
import { type RestApi, restApiOf } from '../../../../local-aws/gateway/rest-api.ts';
import { fixtureOperations } from '../../../support/fixtures/operations.ts';
import {
  resolvedTemplate,
  withoutResources,
  withProperties,
  withResource,
} from '../../../support/rest-api.ts';

const origins = 'https://portal.example.com,http://localhost:5173';
const template = resolvedTemplate(fixtureOperations, {
  AllowedOrigins: origins,
  ThrottlingRateLimit: '7',
  ThrottlingBurstLimit: '9',
});
const getMeId = 'ApiGatewayMethodV1MeGet';
const getMePermissionId = 'GetDashmeLambdaPermissionApiGateway';
const preflightId = 'ApiGatewayResourceV1MePreflight';
const routesOf = ({ methods }: RestApi) => methods.map(({ method, path }) => `${method} ${path}`).sort();
const integrationOf = (resolved: ResolvedTemplate, route: string) =>
  restApiOf(resolved).methods.find(({ method, path }) => `${method} ${path}` === route)?.integration;

describe('the REST API of a template', () => {
  const api = restApiOf(template);

  it('has its id, stage, policy and media types', () => {
    expect(api).toMatchObject({
      id: 'localapi00',
      stage: { name: 'local', variables: { allowedOrigins: origins } },
      binaryMediaTypes: ['image/png'],
      policy: {
        Statement: expect.arrayContaining([expect.objectContaining({ Sid: 'DenyUsersWithoutMfa' })]),
      },
    });
  });

  it('has a method for each operation, and a preflight for each path', () => {
    const paths = new Set(fixtureOperations.map(({ path }) => path));
    expect(routesOf(api)).toEqual(
      [
        ...fixtureOperations.map(({ method, path }) => `${method} ${path}`),
        ...[...paths].map((path) => `OPTIONS ${path}`),
      ].sort(),
    );
  });

  it('knows who may call a method, what it invokes, and its limits', () => {
    expect(api.methods.find(({ logicalId }) => logicalId === getMeId)).toMatchObject({
      authorization: 'AWS_IAM',
      integration: { functionName: 'mfa-self-service-local-get-me', permitted: true, timeoutMs: 29_000 },
      throttling: { rate: 7, burst: 9 },
    });
    expect(api.methods.find(({ path }) => path === '/v1/health')).toMatchObject({ authorization: 'NONE' });
  });

  it('has its own methods at the root', () => {
    const [health] = fixtureOperations;
    if (health === undefined) throw new Error('there is no fixture');
    expect(routesOf(restApiOf(resolvedTemplate([{ ...health, path: '/' }, ...fixtureOperations])))).toContain(
      'GET /',
    );
  });

  it('need have no policy', () => {
    expect(
      restApiOf(withProperties(template, 'ApiGatewayRestApi', { Policy: undefined })).policy,
    ).toBeUndefined();
  });
});

describe('the limits of a method', () => {
  const everything = { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 };
  const throttlingOf = (MethodSettings: readonly object[], id: string) => {
    const { methods } = restApiOf(withProperties(template, 'ApiGatewayStage', { MethodSettings }));
    return methods.find(({ logicalId }) => logicalId === id)?.throttling;
  };

  it('are its own before those of all', () => {
    const own = { ...everything, ResourcePath: '/~1v1~1me', HttpMethod: 'GET', ThrottlingBurstLimit: '1' };
    expect(throttlingOf([own, everything], getMeId)).toEqual({ rate: 7, burst: 1 });
    expect(throttlingOf([own, everything], preflightId)).toEqual({ rate: 7, burst: 9 });
    expect(throttlingOf([own], preflightId)).toBeUndefined();
  });

  it.each([
    ['GET', '/~1v1~1you'],
    ['POST', '/~1v1~1me'],
    ['*', '/~1v1~1me'],
    ['GET', '/*'],
  ])('are refused for %s %s, which the API lacks', (HttpMethod, ResourcePath) => {
    const setting = { ...everything, HttpMethod, ResourcePath };
    expect(() => throttlingOf([setting], getMeId)).toThrow('a method that the API lacks');
  });
});

describe('the right to invoke a function', () => {
  const permittedWith = (change: Readonly<Record<string, unknown>>) =>
    integrationOf(withProperties(template, getMePermissionId, change), 'GET /v1/me');
  const api = 'arn:aws:execute-api:us-east-1:123456789012:localapi00';

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['any method', { SourceArn: `${api}/*` }],
    ['the method alone', { SourceArn: `${api}/local/GET/v1/me` }],
    ['the function by its name', { FunctionName: 'mfa-self-service-local-get-me' }],
    ['the account', { SourceArn: undefined, SourceAccount: '123456789012' }],
  ])('may be given for %s', (_, change) => {
    expect(permittedWith(change)).toMatchObject({ permitted: true });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another API', { SourceArn: 'arn:aws:execute-api:us-east-1:123456789012:otherapi00/*/*' }],
    ['another account', { SourceArn: undefined, SourceAccount: '999999999999' }],
    ['another stage', { SourceArn: `${api}/prod/*` }],
    ['another method', { SourceArn: `${api}/*/POST/v1/me` }],
    ['another path', { SourceArn: `${api}/*/GET/v1/you` }],
    ['another function', { FunctionName: 'mfa-self-service-local-get-health' }],
    ['another service', { Principal: 'events.amazonaws.com' }],
  ])('is not given by that of %s', (_, change) => {
    expect(permittedWith(change)).toMatchObject({ permitted: false });
  });

  it('is not given by none', () => {
    const none = withoutResources(template, getMePermissionId);
    expect(integrationOf(none, 'GET /v1/me')).toMatchObject({ permitted: false });
    expect(integrationOf(none, 'POST /v1/me/sessions')).toMatchObject({ permitted: true });
  });
});

describe('a deployment', () => {
  const [deploymentId, deployment] =
    Object.entries(template.resources).find(([, { type }]) => type === 'AWS::ApiGateway::Deployment') ?? [];
  const dependingOn = (dependsOn: readonly string[]) => {
    if (deploymentId === undefined || deployment === undefined) throw new Error('there is no deployment');
    return withResource(template, deploymentId, { ...deployment, dependsOn });
  };
  const all = deployment?.dependsOn ?? [];

  it.each([getMeId, preflightId, 'GatewayResponseThrottled'])('must wait for %s', (left) => {
    const resolved = dependingOn(all.filter((logicalId) => logicalId !== left));
    expect(() => restApiOf(resolved)).toThrow(`${deploymentId} does not depend on ${left}`);
  });

  it('may wait through another resource', () => {
    const rest = all.filter((logicalId) => logicalId !== getMeId);
    const other = { type: 'AWS::CloudFormation::WaitConditionHandle', properties: {}, dependsOn: [getMeId] };
    const resolved = withResource(dependingOn([...rest, 'Other']), 'Other', other);
    expect(routesOf(restApiOf(resolved))).toContain('GET /v1/me');
  });

  it('must be that of the stage', () => {
    const resolved = withProperties(template, 'ApiGatewayStage', { DeploymentId: 'another' });
    expect(() => restApiOf(resolved)).toThrow('another');
  });
});

describe('a template that is not served as it is', () => {
  const integration = (change: object) => ({
    Integration: { ...Object(template.resources[getMeId]?.properties['Integration']), ...change },
  });
  const preflight = (change: object) => ({
    Integration: { ...Object(template.resources[preflightId]?.properties['Integration']), ...change },
  });

  it.each<[logicalId: string, Readonly<Record<string, unknown>>, message: RegExp]>([
    ['ApiGatewayRestApi', { MinimumCompressionSize: 0 }, /MinimumCompressionSize/],
    ['ApiGatewayRestApi', { EndpointConfiguration: { Types: ['PRIVATE'] } }, /EndpointConfiguration.Types/],
    ['ApiGatewayRestApi', { Policy: { Statement: [{ Effect: 'Deny' }] } }, /must contain actions/],
    ['ApiGatewayResourceV1Me', { RestApiId: 'another' }, /another API/],
    ['ApiGatewayResourceV1Me', { PathPart: '{proxy+}' }, /PathPart/],
    ['ApiGatewayResourceV1Me', { ParentId: 'nowhere' }, /nowhere/],
    [getMeId, { AuthorizationType: 'CUSTOM', AuthorizerId: 'a' }, /AuthorizationType/],
    [getMeId, { ApiKeyRequired: true }, /ApiKeyRequired/],
    [getMeId, { RequestValidatorId: 'a' }, /RequestValidatorId/],
    [getMeId, { HttpMethod: 'ANY' }, /HttpMethod/],
    [getMeId, { ResourceId: 'nowhere' }, /nowhere/],
    [getMeId, { RestApiId: 'another' }, /another API/],
    [getMeId, integration({ Type: 'HTTP_PROXY' }), /Integration.Type/],
    [getMeId, integration({ IntegrationHttpMethod: 'GET' }), /IntegrationHttpMethod/],
    [getMeId, integration({ Credentials: 'arn:aws:iam::123456789012:role/x' }), /Credentials/],
    [getMeId, integration({ TimeoutInMillis: 30_000 }), /TimeoutInMillis/],
    [getMeId, integration({ Uri: 'https://example.com' }), /no function for https:\/\/example.com/],
    [preflightId, preflight({ PassthroughBehavior: 'WHEN_NO_MATCH' }), /PassthroughBehavior/],
    [preflightId, { MethodResponses: [] }, /no response 204/],
    [preflightId, { MethodResponses: [{ StatusCode: '204' }] }, /does not declare method.response.header/],
    [
      'ApiGatewayMethodV1MeSessionsPost',
      { ...template.resources[getMeId]?.properties },
      /GET \/v1\/me twice/,
    ],
    ['ApiGatewayStage', { CacheClusterEnabled: true }, /CacheClusterEnabled/],
    [
      'ApiGatewayStage',
      { Variables: { allowedOrigins: 'https://a.example, b' } },
      /Variables.allowedOrigins/,
    ],
    ['ApiGatewayStage', { RestApiId: 'another' }, /another API/],
    ['GatewayResponseThrottled', { ResponseType: 'TOO_MANY' }, /ResponseType/],
    ['GatewayResponseThrottled', { RestApiId: 'another' }, /another API/],
    ['GatewayResponseThrottled', { ResponseType: 'ACCESS_DENIED' }, /another response ACCESS_DENIED/],
    ['GatewayResponseThrottled', { ResponseTemplates: { 'text/html': 'x' } }, /ResponseTemplates/],
    ['GatewayResponseThrottled', { ResponseTemplates: { 'application/json': '$context.x' } }, /context\.x/],
    [getMePermissionId, { EventSourceToken: 'a' }, /EventSourceToken/],
  ])('is refused by name: %s with %j', (logicalId, change, message) => {
    const broken = withProperties(template, logicalId, change);
    expect(() => restApiOf(broken)).toThrow(message);
  });

  it.each(['Authorizer', 'RequestValidator', 'DomainNameV2'])('is refused for its %s', (kind) => {
    const resource = { type: `AWS::ApiGateway::${kind}`, properties: {} };
    expect(() => restApiOf(withResource(template, 'Extra', resource))).toThrow(
      `Extra: AWS::ApiGateway::${kind} is not supported`,
    );
  });

  it.each(['ApiGatewayRestApi', 'ApiGatewayStage'])('must have one %s', (logicalId) => {
    const { type } = template.resources[logicalId] ?? {};
    expect(() => restApiOf(withoutResources(template, logicalId))).toThrow(`exactly one ${type}`);
  });
});
