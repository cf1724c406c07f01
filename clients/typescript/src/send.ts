import { type Answer, resultOf } from './answer.ts';
import type { SigningKeys } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { ApiError } from './errors.ts';
import type { CallOptions, Fetch } from './options.ts';
import type { ApiRequest } from './request.ts';
import { isDoneAlready, retryDelay } from './retry.ts';
import { signatureHeaders } from './sign.ts';
import { wait } from './wait.ts';

export interface Transport {
  readonly endpoint: Endpoint;
  readonly fetch: Fetch;
  /** Milliseconds. */
  readonly timeout: number;
  readonly retries: number;
}

/** Sends a request, repeating it when that is safe and may help, and returns the result. */
export async function send(
  request: ApiRequest,
  keys: SigningKeys | undefined,
  transport: Transport,
  options: CallOptions,
): Promise<unknown> {
  for (let sent = 1; ; sent += 1) {
    try {
      return resultOf(request, await exchange(request, keys, transport, options));
    } catch (error) {
      if (isDoneAlready(request.operation, error, sent)) return undefined;
      const delay = sent > transport.retries ? undefined : retryDelay(request.info, error, sent);
      if (delay === undefined) throw error;
      await wait(delay, options.signal);
    }
  }
}

/** Sends one request. Each attempt is signed anew, since signatures include the time. */
async function exchange(
  request: ApiRequest,
  keys: SigningKeys | undefined,
  { endpoint, fetch, timeout }: Transport,
  options: CallOptions,
): Promise<Answer> {
  options.signal?.throwIfAborted();
  const { method, url, body, accept } = request;
  const signature = keys ? await signatureHeaders(request, keys, endpoint.region) : {};
  const headers = { ...signature, accept, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const limit = AbortSignal.timeout(options.timeout ?? timeout);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      signal,
      // A redirect would take codes and session tokens elsewhere.
      redirect: 'manual',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    return { status: response.status, headers: response.headers, content: await response.arrayBuffer() };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw failureOf(request, error, limit.aborted);
  }
}

function failureOf({ operation, url }: ApiRequest, cause: unknown, late: boolean): ApiError {
  const { origin } = new URL(url);
  return late
    ? new ApiError('timeout', operation, `${origin} did not answer in time.`, { cause })
    : new ApiError('network', operation, `${origin} could not be reached, or the connection broke.`, {
        cause,
      });
}
