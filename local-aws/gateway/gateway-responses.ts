import * as z from 'zod';
import { ignored, type Named, propertiesOf } from '../cloudformation/properties.ts';
import type { Answer } from './answer.ts';
import {
  headerValue,
  type Rendering,
  type RequestContext,
  type StageVariables,
  substitution,
} from './mapping.ts';

/** A response of API Gateway itself, as a template customises it. */
export interface GatewayResponse {
  /** Without one, the type's own. */
  readonly status?: number;
  readonly headers: readonly (readonly [name: string, value: Rendering])[];
  readonly body: Rendering;
}

export type GatewayResponses = ReadonlyMap<string, GatewayResponse>;

/**
 * The types that the local gateway sends, with API Gateway's own status and text, and the error type that SDKs read
 * from a header. Source: "Gateway response types", API Gateway guide. A function that fails or whose result is no
 * response is the exception: that gets 502, not the type's 504. Source: "Handle Lambda errors", the same.
 */
const types = {
  ACCESS_DENIED: [403, 'Forbidden', 'AccessDeniedException'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error', 'InternalServerErrorException'],
  DEFAULT_4XX: [400, 'Bad Request', undefined],
  DEFAULT_5XX: [500, 'Internal server error', undefined],
  EXPIRED_TOKEN: [403, 'The security token included in the request is expired', 'ExpiredTokenException'],
  INTEGRATION_FAILURE: [502, 'Internal server error', 'InternalServerErrorException'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out', 'InternalServerErrorException'],
  INVALID_SIGNATURE: [
    403,
    'The request signature we calculated does not match the signature you provided.',
    'InvalidSignatureException',
  ],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long', 'RequestTooLargeException'],
  RESOURCE_NOT_FOUND: [404, 'Not Found', undefined],
  THROTTLED: [429, 'Too Many Requests', 'TooManyRequestsException'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type', 'BadRequestException'],
} as const satisfies Readonly<Record<string, readonly [number, string, string | undefined]>>;

export type GatewayResponseType = keyof typeof types;

/** Types that templates may customise although the local gateway never sends them. */
const neverSent = [
  'AUTHORIZER_CONFIGURATION_ERROR',
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'INVALID_API_KEY',
  'QUOTA_EXCEEDED',
  'UNAUTHORIZED',
  'WAF_FILTERED',
];

/** All types. */
export const gatewayResponseTypes: readonly string[] = [...Object.keys(types), ...neverSent];

const schema = z.strictObject({
  RestApiId: z.string(),
  ResponseType: z.enum(gatewayResponseTypes),
  StatusCode: z.exactOptional(z.string().regex(/^[45]\d\d$/)),
  ResponseParameters: z.exactOptional(z.record(z.string().regex(/^gatewayresponse\.header\./), z.string())),
  ResponseTemplates: z.exactOptional(z.strictObject({ 'application/json': z.exactOptional(z.string()) })),
  Description: ignored('for people'),
});

const ownTemplate = '{"message":$context.error.messageString}';

/** Reads an `AWS::ApiGateway::GatewayResponse`. Throws on what API Gateway would not replace. */
export function readGatewayResponse(named: Named, variables: StageVariables) {
  const properties = propertiesOf(named, schema);
  try {
    return {
      restApiId: properties.RestApiId,
      type: properties.ResponseType,
      response: {
        ...(properties.StatusCode !== undefined && { status: Number(properties.StatusCode) }),
        headers: Object.entries(properties.ResponseParameters ?? {}).map(
          ([key, value]) => [key.replace(/^.*?header\./, ''), headerValue(value, variables)] as const,
        ),
        body: substitution(properties.ResponseTemplates?.['application/json'] ?? ownTemplate, variables),
      },
    };
  } catch (cause) {
    throw new Error(`${named[0]}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/**
 * The response of a type: the template's, or else the template's default for its class of status, or else API
 * Gateway's own.
 */
export function gatewayAnswer(
  type: GatewayResponseType,
  responses: GatewayResponses,
  request: RequestContext,
): Answer {
  const [ownStatus, message, errorType] = types[type];
  const fallback = responses.get(ownStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const { status, headers, body } = responses.get(type) ?? fallback ?? own;
  const context = {
    ...request,
    'error.message': message,
    'error.messageString': JSON.stringify(message),
    'error.responseType': type,
  };
  const lines = headers.map(([name, value]) => [name.toLowerCase(), value(context)] as const);
  return {
    status: status ?? ownStatus,
    headers: [
      ...(lines.some(([name]) => name === 'content-type') ? [] : [jsonType]),
      ...lines,
      ...(errorType === undefined ? [] : [['x-amzn-errortype', errorType] as const]),
    ],
    body: Buffer.from(body(context)),
  };
}

const own: GatewayResponse = { headers: [], body: substitution(ownTemplate, {}) };
const jsonType = ['content-type', 'application/json'] as const;
