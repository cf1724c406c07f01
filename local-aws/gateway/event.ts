import type { APIGatewayEventIdentity, APIGatewayProxyEvent } from 'aws-lambda';
import type { Principal } from '../principal.ts';
import type { StageVariables } from './mapping.ts';
import { isBinary } from './media-types.ts';
import { type GatewayRequest, headerOf, pathOf, queryOf } from './request.ts';
import type { Match, Route } from './router.ts';

/** What a gateway says about itself in every event. */
export interface Stage {
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: StageVariables;
  readonly binaryMediaTypes: readonly string[];
}

/** A request's ids and time. */
export interface RequestIds {
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly traceId: string;
  /** Milliseconds of the local clock. */
  readonly time: number;
}

/** Headers that API Gateway does not pass to the function; the last four are set anew. */
const withheld = new Set([
  'authorization',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'transfer-encoding',
  'upgrade',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-port',
]);

/** The event of a REST API's Lambda proxy integration, as for a custom domain that maps its root. */
export function proxyEvent(
  request: GatewayRequest,
  match: Match<Route>,
  method: string,
  principal: Principal | undefined,
  stage: Stage,
  ids: RequestIds,
): APIGatewayProxyEvent {
  const { route, pathParameters } = match;
  const path = pathOf(request.target);
  const isBase64Encoded = isBinary(headerOf(request, 'content-type'), stage.binaryMediaTypes);
  return {
    resource: route.path,
    path,
    httpMethod: method,
    ...headersOf(request, ids),
    ...queryParametersOf(request.target),
    pathParameters,
    stageVariables: Object.keys(stage.stageVariables).length > 0 ? stage.stageVariables : null,
    requestContext: requestContext(request, match, method, principal, stage, ids),
    body: request.body.length === 0 ? null : request.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded: isBase64Encoded && request.body.length > 0,
  };
}

function requestContext(
  request: GatewayRequest,
  { route }: Match<Route>,
  method: string,
  principal: Principal | undefined,
  stage: Stage,
  ids: RequestIds,
): APIGatewayProxyEvent['requestContext'] {
  const host = headerOf(request, 'host') ?? '';
  const [domainPrefix = ''] = host.split('.');
  return {
    accountId: stage.accountId,
    apiId: stage.apiId,
    authorizer: null,
    domainName: host,
    domainPrefix,
    extendedRequestId: ids.extendedRequestId,
    httpMethod: method,
    identity: identityOf(request, principal),
    path: pathOf(request.target),
    protocol: 'HTTP/1.1',
    requestId: ids.requestId,
    requestTime: commonLogTime(ids.time),
    requestTimeEpoch: ids.time,
    resourceId: resourceId(route.path),
    resourcePath: route.path,
    stage: stage.stage,
  };
}

function identityOf(request: GatewayRequest, principal: Principal | undefined): APIGatewayEventIdentity {
  return {
    accessKey: principal?.accessKeyId ?? null,
    accountId: principal?.accountId ?? null,
    apiKey: null,
    apiKeyId: null,
    caller: principal?.userId ?? null,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.sourceIp,
    user: principal?.userId ?? null,
    userAgent: headerOf(request, 'user-agent') ?? null,
    userArn: principal?.arn ?? null,
  };
}

function headersOf(
  request: GatewayRequest,
  { traceId }: RequestIds,
): Pick<APIGatewayProxyEvent, 'headers' | 'multiValueHeaders'> {
  const forwarded = [headerOf(request, 'x-forwarded-for'), request.sourceIp].filter(Boolean).join(', ');
  const lines = [
    ...request.headers.filter(([name]) => !withheld.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', traceId] as const,
    ['X-Forwarded-For', forwarded] as const,
    ['X-Forwarded-Port', String(request.port)] as const,
    ['X-Forwarded-Proto', 'http'] as const,
  ];
  return { headers: Object.fromEntries(lines), multiValueHeaders: collect(lines) };
}

function queryParametersOf(
  target: string,
): Pick<APIGatewayProxyEvent, 'queryStringParameters' | 'multiValueQueryStringParameters'> {
  const pairs = [...new URLSearchParams(queryOf(target))];
  if (pairs.length === 0) return { queryStringParameters: null, multiValueQueryStringParameters: null };
  return {
    queryStringParameters: Object.fromEntries(pairs),
    multiValueQueryStringParameters: collect(pairs),
  };
}

/** All values of each name, in order. */
function collect(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries([...groups].map(([name, values]) => [name, values.map(([, value]) => value)]));
}

/** `09/Apr/2015:12:34:56 +0000`, as Apache's common log format has it. */
function commonLogTime(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}

/** Six characters derived from the path, in the form of API Gateway's resource ids. */
function resourceId(path: string): string {
  let hash = 0;
  for (const character of path) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash.toString(36).padStart(6, '0').slice(-6);
}
