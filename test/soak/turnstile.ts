/** Lets a few work at a time, or one alone. */
export class Turnstile {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #closed = false;
  #emptied: (() => void) | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(most: number) {
    this.#most = most;
  }

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#closed || this.#inside >= this.#most) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      if (this.#inside === 0) this.#emptied?.();
      this.#waiting.shift()?.();
    }
  }

  /** Lets nobody in while this works, and tells it when all have left. */
  alone<Result>(work: (emptied: Promise<void>) => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(async () => {
      this.#closed = true;
      try {
        return await work(this.#empty());
      } finally {
        this.#closed = false;
        for (const resume of this.#waiting.splice(0)) resume();
      }
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #empty(): Promise<void> {
    if (this.#inside === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }
}
