import { ApiError, type InputError, ProblemError } from './errors.ts';
import type { FetchResponse } from './options.ts';
import type { ApiRequest } from './request.ts';

/** A response, fully read. */
export interface Answer {
  readonly status: number;
  readonly headers: FetchResponse['headers'];
  readonly content: ArrayBuffer;
}

/**
 * Returns the result in an answer. Throws a `ProblemError` for a problem document, and an `ApiError` for anything the
 * API itself would never send. The content of an unexpected answer is not shown: it may echo the request.
 */
export function resultOf(request: ApiRequest, answer: Answer): unknown {
  const { status, content } = answer;
  const type = mediaTypeOf(answer);
  if (status >= 400) throw problemOf(request, answer, type) ?? unexpected(request, answer, type);
  if (status === 204) return undefined;
  if (status < 200 || status >= 300 || type !== request.accept) throw unexpected(request, answer, type);
  if (type === 'image/png') return new Uint8Array(content);
  const text = new TextDecoder().decode(content);
  if (type !== 'application/json') return text;
  const result = parsed(text);
  if (typeof result !== 'object' || result === null) throw unexpected(request, answer, type);
  return result;
}

function problemOf(
  { operation }: ApiRequest,
  { status, headers, content }: Answer,
  type: string,
): ProblemError | undefined {
  if (type !== 'application/problem+json' && type !== 'application/json') return undefined;
  const document = Object(parsed(new TextDecoder().decode(content)));
  if (typeof document.code !== 'string') return undefined;
  return new ProblemError(operation, {
    code: document.code,
    status,
    title: textIn(document.title),
    detail: textIn(document.detail),
    requestId: textIn(document.requestId) ?? requestIdIn(headers),
    awsRequestId: textIn(document.awsRequestId),
    errors: errorsIn(document.errors),
    retryAfter: numberIn(document.retryAfter) ?? retryAfterIn(headers),
    maxAgeSeconds: numberIn(document.maxAgeSeconds),
    resyncMayHelp: typeof document.resyncMayHelp === 'boolean' ? document.resyncMayHelp : undefined,
  });
}

function unexpected({ operation, url }: ApiRequest, { status, headers }: Answer, type: string): ApiError {
  const what = isRedirect(status) ? 'a redirect' : type || 'something without a media type';
  return new ApiError(
    'unexpected-answer',
    operation,
    `${new URL(url).origin} answered with ${what} (status ${status}), so it is not the API. Check the url, including ` +
      'its stage or base path, and any proxies in between.',
    { status, requestId: requestIdIn(headers), retryAfter: retryAfterIn(headers) },
  );
}

/** Browsers report redirects that are not followed as status 0. */
const isRedirect = (status: number): boolean => status === 0 || (status >= 300 && status < 400);

const mediaTypeOf = ({ headers }: Answer): string =>
  (headers.get('content-type')?.split(';')[0] ?? '').trim().toLowerCase();

/** Undefined if it is not JSON; the error from JSON.parse would quote the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const numberIn = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function errorsIn(value: unknown): readonly InputError[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((error) => {
    const { pointer, detail } = Object(error);
    return { pointer: String(pointer), detail: String(detail) };
  });
}

const requestIdIn = (headers: FetchResponse['headers']): string | undefined =>
  headers.get('x-request-id') ?? headers.get('x-amzn-requestid') ?? undefined;

/** Seconds. Retry-After is either seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterIn(headers: FetchResponse['headers']): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}
