import type { APIGatewayProxyResult } from 'aws-lambda';
import { codeLimit, Metered, type RateLimit } from '../contract/code-limit.ts';
import type { MediaType, Operation } from '../contract/operation.ts';
import { Problem } from '../contract/problem.ts';
import { problemDocument } from '../contract/problem-document.ts';

/** A representation other than JSON, for example the QR code alone. */
export class Media {
  readonly type: MediaType;
  readonly content: string | Buffer;
  /** Further headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(type: MediaType, content: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
    this.type = type;
    this.content = content;
    this.headers = headers;
  }
}

/** The result of a creation that was done before: same output, but the operation's `repeatStatus`. */
export class Repeated<T> {
  readonly output: T;

  constructor(output: T) {
    this.output = output;
  }
}

const headers = (contentType: string, requestId: string) => ({
  'content-type': contentType,
  'cache-control': 'no-store',
  'x-request-id': requestId,
});

/** For requests that counted as a submission of codes. Source: draft-ietf-httpapi-ratelimit-headers. */
function rateLimitHeaders(rateLimit: RateLimit | undefined) {
  if (rateLimit === undefined) return {};
  const { most, windowSeconds } = codeLimit;
  return {
    'ratelimit-policy': `"codes";q=${most};w=${windowSeconds}`,
    ratelimit: `"codes";r=${rateLimit.left};t=${rateLimit.resetSeconds}`,
  };
}

/** A use case's result as a response. Throws if it does not match the contract. */
export function successResponse(
  operation: Operation,
  result: unknown,
  requestId: string,
): APIGatewayProxyResult {
  if (result instanceof Metered) {
    const response = successResponse(operation, result.output, requestId);
    return { ...response, headers: { ...response.headers, ...rateLimitHeaders(result.rateLimit) } };
  }
  if (result instanceof Media) {
    const binary = Buffer.isBuffer(result.content);
    const contentType = binary ? result.type : `${result.type}; charset=utf-8`;
    return {
      statusCode: operation.status,
      headers: { ...headers(contentType, requestId), ...result.headers },
      body: result.content.toString(binary ? 'base64' : 'utf8'),
      isBase64Encoded: binary,
    };
  }
  const repeated = result instanceof Repeated;
  const output = operation.output.parse(repeated ? result.output : result);
  return {
    statusCode: repeated ? (operation.repeatStatus ?? operation.status) : operation.status,
    headers: headers('application/json', requestId),
    body: operation.status === 204 ? '' : JSON.stringify(output),
  };
}

/** A problem document (RFC 9457). Anything but a `Problem` becomes `internal-error`, which reveals nothing of it. */
export function problemResponse(error: unknown, requestId: string): APIGatewayProxyResult {
  const problem =
    error instanceof Problem
      ? error
      : new Problem(
          'internal-error',
          'Something went wrong in the service. If it happens again, report the requestId.',
        );
  const { code, message, status } = problem;
  const { rateLimit, unchanged: _, ...members } = problem.extras;
  const retryAfter = members.retryAfter === undefined ? {} : { 'retry-after': String(members.retryAfter) };
  return {
    statusCode: status,
    headers: {
      ...headers('application/problem+json', requestId),
      ...rateLimitHeaders(rateLimit),
      ...retryAfter,
    },
    body: JSON.stringify(problemDocument(code, message, requestId, members)),
  };
}
