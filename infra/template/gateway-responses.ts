import { type ProblemCode, problems } from '../../shared/contract/problem.ts';
import { problemDocument } from '../../shared/contract/problem-document.ts';
import { refusalHeaders } from './preflight.ts';

/** What API Gateway answers by itself: a problem document that knows nothing of the request but its id. */
interface GatewayResponse {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Further members of the document. */
  readonly extras?: Readonly<Record<string, number>>;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GatewayResponseSettings {
  /** Seconds that a session with MFA counts as recent. */
  readonly stepUpMaxAge: number;
  /** Origins whose pages may call the API; default none. */
  readonly allowedOrigins?: readonly string[];
}

export interface RenderedGatewayResponse {
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const waitASecond = { extras: { retryAfter: 1 }, headers: { 'retry-after': '1' } };

/**
 * The responses that API Gateway makes, by its names for them. It offers no conditions, so that a denied
 * request always says how to step up. A response with a status of its own would otherwise have that of its
 * default, which is why WAF's is here.
 */
const responses = {
  ACCESS_DENIED: {
    code: 'access-denied',
    detail:
      'Your policies do not allow this, or your second factor is missing or was shown too long ago. To step up, send a ' +
      'GetSessionToken request that you signed to POST /v1/me/sessions, then sign with the credentials it answers.',
  },
  MISSING_AUTHENTICATION_TOKEN: {
    code: 'unauthenticated',
    detail:
      'The request is not signed (AWS Signature Version 4, service execute-api), or there is no such route.',
  },
  INVALID_SIGNATURE: {
    code: 'unauthenticated',
    detail: 'The signature does not fit the request, its time is off, or the access key is not known.',
  },
  EXPIRED_TOKEN: { code: 'session-expired', detail: 'Get a new session, then sign with its credentials.' },
  UNAUTHORIZED: { code: 'unauthenticated', detail: 'The caller could not be identified.' },
  WAF_FILTERED: { code: 'access-denied', detail: 'The request was refused by a firewall.' },
  THROTTLED: { code: 'throttled', detail: 'Try again in a second.', ...waitASecond },
  QUOTA_EXCEEDED: { code: 'throttled', detail: 'The quota of requests is used up.', ...waitASecond },
  REQUEST_TOO_LARGE: { code: 'body-too-large', detail: 'The request is larger than API Gateway takes.' },
  UNSUPPORTED_MEDIA_TYPE: { code: 'unsupported-media-type', detail: 'Send the body as application/json.' },
  RESOURCE_NOT_FOUND: { code: 'route-not-found', detail: 'Nothing is served at this path.' },
  INTEGRATION_FAILURE: { code: 'upstream-failed', detail: 'The function did not answer.' },
  INTEGRATION_TIMEOUT: { code: 'timeout', detail: 'The function did not answer in time.' },
  DEFAULT_4XX: { code: 'validation-failed', detail: 'API Gateway refused the request.' },
  DEFAULT_5XX: { code: 'internal-error', detail: 'API Gateway could not serve the request.' },
} as const satisfies Readonly<Record<string, GatewayResponse>>;

export type GatewayResponseType = keyof typeof responses;

export const gatewayResponseTypes: readonly GatewayResponseType[] = Object.keys(responses).filter(
  (type): type is GatewayResponseType => type in responses,
);

/** What API Gateway would answer; for the local gateway. */
export function renderGatewayResponse(
  type: GatewayResponseType,
  { requestId, ...settings }: GatewayResponseSettings & { readonly requestId: string },
): RenderedGatewayResponse {
  const response: GatewayResponse = responses[type];
  return {
    statusCode: problems[response.code].status,
    headers: headersOf(response, settings),
    body: bodyOf(type, settings, requestId),
  };
}

/** CloudFormation resources of all responses, by logical id. */
export function gatewayResponseResources({
  stepUpMaxAge,
  allowedOrigins = [],
}: GatewayResponseSettings): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    gatewayResponseTypes.map((type) => [logicalId(type), resourceOf(type, { stepUpMaxAge, allowedOrigins })]),
  );
}

/** The logical id of a response's resource: the API's deployment has to wait for it. */
export function logicalId(type: GatewayResponseType): string {
  const words = type.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `GatewayResponse${words.join('')}`;
}

function resourceOf(type: GatewayResponseType, settings: GatewayResponseSettings): object {
  const response: GatewayResponse = responses[type];
  const headers = Object.entries(headersOf(response, settings)).map(
    ([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`] as const,
  );
  return {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      RestApiId: { Ref: 'ApiGatewayRestApi' },
      ResponseType: type,
      StatusCode: String(problems[response.code].status),
      ResponseParameters: Object.fromEntries(headers),
      // Keyed by the type that API Gateway takes for its own; the header says what it is.
      ResponseTemplates: { 'application/json': bodyOf(type, settings, '$context.requestId') },
    },
  };
}

function headersOf(
  response: GatewayResponse,
  { allowedOrigins = [] }: GatewayResponseSettings,
): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...response.headers,
    ...refusalHeaders(allowedOrigins),
  };
}

function bodyOf(
  type: GatewayResponseType,
  { stepUpMaxAge }: GatewayResponseSettings,
  requestId: string,
): string {
  const { code, detail, extras }: GatewayResponse = responses[type];
  const maxAge = type === 'ACCESS_DENIED' ? { maxAgeSeconds: stepUpMaxAge } : {};
  return JSON.stringify(problemDocument(code, detail, requestId, { ...extras, ...maxAge }));
}
