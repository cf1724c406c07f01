import type { Context } from 'aws-lambda';

/** The time left to a function. */
export interface Deadline {
  /** Aborts shortly before the function's time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds until Lambda ends the function. */
  readonly millisLeft: () => number;
}

/** Milliseconds kept back to release the lease, log and answer. */
const reserveMillis = 1_500;

/** Runs work that has to stop before the function's time is up. */
export async function withDeadline<T>(
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const millisLeft = () => context.getRemainingTimeInMillis();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), Math.max(0, millisLeft() - reserveMillis));
  try {
    return await work({ signal: controller.signal, millisLeft });
  } finally {
    clearTimeout(timer);
  }
}
