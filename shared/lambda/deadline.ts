import type { Context } from 'aws-lambda';

/** The time that a function has. */
export interface Deadline {
  /** Aborts shortly before the function's time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds until the function is ended. */
  readonly millisLeft: () => number;
}

/** Milliseconds kept back from the function's time for releasing the lease, logging and answering. */
const reserveMillis = 1_500;

/** Does work that must end with the function. */
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
