import { type ProblemCode, problems } from '../../shared/contract/problem.ts';
import { problemDocument } from '../../shared/contract/problem-document.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { ifGiven } from './conditions.ts';
import { restApiId } from './logical-ids.ts';
import { setting } from './parameters.ts';
import { firstAllowedOrigin } from './placeholders.ts';

/** A response that API Gateway makes itself: a problem document that has nothing of the request but its id. */
interface GatewayResponse {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Additional members of the document. */
  readonly extras?: Readonly<Record<string, number>>;
  /** Additional headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

const waitASecond = { extras: { retryAfter: 1 }, headers: { 'retry-after': '1' } };

/**
 * API Gateway's own responses, by its types. They cannot be conditional, so a denied request always explains how to
 * step up. A type that is missing here gets the status of its DEFAULT_ response, which would be wrong for
 * WAF_FILTERED.
 */
const responses = {
  ACCESS_DENIED: {
    code: 'access-denied',
    detail:
      'Your policies do not allow this, or your session has no MFA, or not recent enough. To step up, send a ' +
      'presigned GetSessionToken request to POST /v1/me/sessions, then sign with the credentials that it returns.',
  },
  MISSING_AUTHENTICATION_TOKEN: {
    code: 'unauthenticated',
    detail:
      'The request is not signed (AWS Signature Version 4, service execute-api), or the route does not exist.',
  },
  INVALID_SIGNATURE: {
    code: 'unauthenticated',
    detail: 'The signature does not match the request, its timestamp is off, or the access key is unknown.',
  },
  EXPIRED_TOKEN: { code: 'session-expired', detail: 'Get a new session and sign with its credentials.' },
  UNAUTHORIZED: { code: 'unauthenticated', detail: 'The caller could not be identified.' },
  WAF_FILTERED: { code: 'access-denied', detail: 'A firewall blocked the request.' },
  THROTTLED: { code: 'throttled', detail: 'Try again in a second.', ...waitASecond },
  QUOTA_EXCEEDED: { code: 'throttled', detail: 'The request quota is exhausted.', ...waitASecond },
  REQUEST_TOO_LARGE: { code: 'body-too-large', detail: 'The request is larger than API Gateway allows.' },
  UNSUPPORTED_MEDIA_TYPE: { code: 'unsupported-media-type', detail: 'Send the body as application/json.' },
  RESOURCE_NOT_FOUND: { code: 'route-not-found', detail: 'There is no resource at this path.' },
  INTEGRATION_FAILURE: { code: 'upstream-failed', detail: 'The function did not respond.' },
  INTEGRATION_TIMEOUT: { code: 'timeout', detail: 'The function did not respond in time.' },
  DEFAULT_4XX: { code: 'validation-failed', detail: 'API Gateway refused the request.' },
  DEFAULT_5XX: { code: 'internal-error', detail: 'API Gateway could not serve the request.' },
} as const satisfies Readonly<Record<string, GatewayResponse>>;

export type GatewayResponseType = keyof typeof responses;

export const gatewayResponseTypes: readonly GatewayResponseType[] = Object.keys(responses).filter(
  (type): type is GatewayResponseType => type in responses,
);

/** The CloudFormation resources of all responses, by logical id. */
export const gatewayResponseResources = (): Readonly<Record<string, TemplateResource>> =>
  Object.fromEntries(gatewayResponseTypes.map((type) => [logicalId(type), resourceOf(type)]));

/** The logical id of a response's resource. */
export function logicalId(type: GatewayResponseType): string {
  const words = type.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `GatewayResponse${words.join('')}`;
}

function resourceOf(type: GatewayResponseType): TemplateResource {
  const response: GatewayResponse = responses[type];
  return {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      RestApiId: { Ref: restApiId },
      ResponseType: type,
      StatusCode: String(problems[response.code].status),
      ResponseParameters: { ...headersOf(response), ...corsHeaders },
      // API Gateway looks templates up by this media type; the header above sets the real one.
      ResponseTemplates: { 'application/json': bodyOf(type) },
    },
  };
}

const header = (name: string, value: string) => [`gatewayresponse.header.${name}`, `'${value}'`] as const;

function headersOf(response: GatewayResponse): Readonly<Record<string, string>> {
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...response.headers,
  };
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => header(name, value)));
}

/**
 * Gateway responses cannot be conditional, and reflecting the request's origin would open them to every page; so if
 * there are several origins, only the first can read them.
 */
const corsHeaders = Object.fromEntries(
  [header('access-control-allow-origin', firstAllowedOrigin), header('vary', 'origin')].map(
    ([name, value]) => [name, ifGiven('AllowedOrigins', value)],
  ),
);

function bodyOf(type: GatewayResponseType): string {
  const { code, detail, extras }: GatewayResponse = responses[type];
  const age = setting('StepUpMaxAge');
  const maxAge = type === 'ACCESS_DENIED' ? { maxAgeSeconds: age } : {};
  const body = JSON.stringify(problemDocument(code, detail, '$context.requestId', { ...extras, ...maxAge }));
  return body.replace(JSON.stringify(age), age);
}
