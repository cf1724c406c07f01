/** Work under way that nobody waits for, so that somebody can. */
export class Pending {
  readonly #work = new Set<Promise<unknown>>();

  /** Counts as under way until the promise is settled, either way. */
  add(work: Promise<unknown>): void {
    const done = () => this.#work.delete(work);
    this.#work.add(work);
    work.then(done, done);
  }

  /** Resolves when nothing is under way, nor anything that it led to. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }
}
