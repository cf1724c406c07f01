import { ApiError, isProblem } from './errors.ts';
import type { OperationInfo } from './operation-info.ts';

/** Answers after which the same request may succeed. */
const passing = new Set([429, 502, 503, 504]);

/** Milliseconds: the pause after the first failure, the longest one, and the longest that an answer may ask for. */
const pauses = { first: 200, longest: 5000, longestAsked: 20_000 };

/**
 * Milliseconds to wait before a request is sent again, or undefined where it must not be. Only requests are repeated
 * that do twice what they do once, and none that carried codes. That holds for 429 too: API Gateway answers it before
 * anything is done, but a function also when AWS throttles it half-way, and the two cannot be told apart.
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

/** Whether a repeated request found its work done: the answer to the one before was lost. */
export const isDoneAlready = (operation: string, error: unknown, sent: number): boolean =>
  sent > 1 && operation === 'deleteMfaDevice' && isProblem(error, 'device-not-found');

function mayPass(error: ApiError): boolean {
  if (error.kind === 'network' || error.kind === 'timeout') return true;
  return error.status !== undefined && passing.has(error.status) && !isProblem(error, 'recovery-limit');
}
