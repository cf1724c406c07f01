/** Tracks background work so that it can be awaited. */
export class Pending {
  readonly #work = new Set<Promise<unknown>>();

  /** Tracks the promise until it settles. */
  add(work: Promise<unknown>): void {
    const done = () => this.#work.delete(work);
    this.#work.add(work);
    work.then(done, done);
  }

  /** Resolves when no work is left, including work started by other work. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }
}
