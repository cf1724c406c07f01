import { ApiError, isProblem } from './errors.ts';
import type { OperationInfo } from './operation-info.ts';

/** Statuses after which the same request may succeed. */
const transient = new Set([429, 502, 503, 504]);

/** Milliseconds: the pause after the first failure, the longest pause, and the longest Retry-After to honour. */
const pauses = { first: 200, longest: 5000, longestAsked: 20_000 };

/**
 * Milliseconds to wait before repeating a request, or undefined if it must not be repeated. Only idempotent requests
 * are repeated, and none that carries codes, not even after a 429: API Gateway answers that before anything is done,
 * but a function also does when AWS throttles it half-way, and the two look the same.
 */
export function retryDelay(
  { method, repeatable }: OperationInfo,
  error: unknown,
  sent: number,
): number | undefined {
  if (!(method === 'GET' || repeatable) || !(error instanceof ApiError) || !mayPass(error)) return undefined;
  if (error.retryAfter === undefined) {
    return Math.random() * Math.min(pauses.longest, pauses.first * 2 ** sent);
  }
  const asked = error.retryAfter * 1000;
  return asked > pauses.longestAsked ? undefined : asked;
}

/** Whether a repeated request found its work already done: the first one succeeded, but its answer was lost. */
export const isDoneAlready = (operation: string, error: unknown, sent: number): boolean =>
  sent > 1 && operation === 'deleteMfaDevice' && isProblem(error, 'device-not-found');

function mayPass(error: ApiError): boolean {
  if (error.kind === 'network' || error.kind === 'timeout') return true;
  return error.status !== undefined && transient.has(error.status) && !isProblem(error, 'recovery-limit');
}
