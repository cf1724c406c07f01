import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../lib/log.ts';
import { ForbiddenAddress, type Post, type PostAnswer, post } from './post.ts';

/** How often to try, and how long to wait. */
export interface RetryPolicy {
  readonly attempts: number;
  /** For one attempt. */
  readonly timeoutMillis: number;
  /** Before the second attempt; four times as long before each later one. */
  readonly pauseMillis: number;
  /** The limit, whatever the receiver asks for. */
  readonly longestPauseMillis: number;
}

/** Adds up to well below the function's 60 seconds. */
export const retryPolicy: RetryPolicy = {
  attempts: 3,
  timeoutMillis: 10_000,
  pauseMillis: 1_000,
  longestPauseMillis: 8_000,
};

/** A webhook that its receiver did not accept. The message holds neither address nor content. */
export class NotDelivered extends Error {
  override readonly name = 'NotDelivered';
}

type Attempt = Omit<Post, 'signal'>;

/**
 * Sends a webhook until its receiver accepts it. `attempt` builds each request, since each is signed with its own time.
 * Throws `NotDelivered` if the receiver refuses it or never accepts it.
 */
export async function deliver(
  attempt: () => Attempt,
  signal: AbortSignal,
  { attempts, timeoutMillis, pauseMillis, longestPauseMillis }: RetryPolicy = retryPolicy,
): Promise<void> {
  let pause = pauseMillis;
  for (let left = attempts; left > 0; left -= 1) {
    const result = await tryOnce(attempt(), timeoutMillis, signal);
    if (result === 'taken') return;
    if (left === 1) break;
    await sleep(Math.min(Math.max(pause, result.retryAfterMillis), longestPauseMillis), undefined, {
      signal,
    });
    pause *= 4;
  }
  throw new NotDelivered('The receiver did not accept the webhook');
}

type Result = 'taken' | { readonly retryAfterMillis: number };

async function tryOnce(attempt: Attempt, timeoutMillis: number, signal: AbortSignal): Promise<Result> {
  const timeout = AbortSignal.timeout(timeoutMillis);
  try {
    return resultOf(await post({ ...attempt, signal: AbortSignal.any([signal, timeout]) }));
  } catch (error) {
    if (error instanceof ForbiddenAddress || error instanceof NotDelivered) throw error;
    signal.throwIfAborted();
    log.warn('webhook not answered', { error: codeOf(error) });
    return { retryAfterMillis: 0 };
  }
}

function resultOf({ status, retryAfter }: PostAnswer): Result {
  if (status >= 200 && status < 300) return 'taken';
  log.warn('webhook not taken', { status });
  if (status < 500 && status !== 408 && status !== 429)
    throw new NotDelivered('The receiver refused the webhook');
  return { retryAfterMillis: /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : 0 };
}

/** `ECONNREFUSED`, say. The message would show the address. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
