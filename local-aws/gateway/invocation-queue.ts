/**
 * Lets some invocations run at once; the others wait, first come, first served. A deployed API scales out instead, but
 * here all functions share one machine with the AWS that they call.
 */
export class InvocationQueue {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(most: number) {
    this.#free = most;
  }

  /** Runs the work in its turn; if the signal aborts before, never. */
  async run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result | undefined> {
    if (!(await this.#turn(signal))) return undefined;
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  /** Whether the turn came before the signal. */
  #turn(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const start = () => resolve(true);
      const giveUp = () => {
        this.#waiting.delete(start);
        resolve(false);
      };
      this.#waiting.add(start);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #next(): void {
    const [start] = this.#waiting;
    if (start === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(start);
    start();
  }
}
