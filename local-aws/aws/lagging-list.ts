/** A list as IAM shows it: as it was some time ago, if a lag is set. Items are copied, but not what they hold. */
export class LaggingList<Item extends object> {
  readonly #current: () => readonly Item[];
  readonly #now: () => number;
  readonly #past: { readonly until: number; readonly items: readonly Item[] }[] = [];
  #lagMs = 0;

  /** @param now in milliseconds */
  constructor(current: () => readonly Item[], now: () => number) {
    this.#current = current;
    this.#now = now;
  }

  /** Milliseconds; the list shows changes from now on that much later. */
  set lagMs(lagMs: number) {
    this.#lagMs = lagMs;
  }

  /** Call this before every change. */
  changing(): void {
    if (this.#lagMs === 0) return;
    const items = this.#current().map((item) => ({ ...item }));
    this.#past.push({ until: this.#now(), items });
  }

  all(): readonly Item[] {
    const at = this.#now() - this.#lagMs;
    while (this.#past[0] !== undefined && this.#past[0].until <= at) this.#past.shift();
    return this.#past[0]?.items ?? this.#current();
  }

  /** Shows the present, and no longer lags. */
  reset(): void {
    this.#past.length = 0;
    this.#lagMs = 0;
  }
}
