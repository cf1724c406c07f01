/** What a faulty call does: is late, fails, or both. */
export interface Fault {
  /** An AWS error code, `connection-reset` (no answer) or `malformed` (a 200 that is no XML). */
  readonly error?: string;
  readonly delayMs?: number;
}

/** Faults that the next calls of an operation meet; for tests and demonstrations. */
export class Faults {
  readonly #byOperation = new Map<string, { readonly fault: Fault; times: number }>();

  /** @param times how many calls are met; 0 clears the operation's fault */
  put({ operation, times, ...fault }: Fault & { readonly operation: string; readonly times: number }): void {
    if (times > 0) this.#byOperation.set(operation, { fault, times });
    else this.#byOperation.delete(operation);
  }

  /** The fault that this call of the operation meets, if any; it counts as one. */
  take(operation: string): Fault | undefined {
    const entry = this.#byOperation.get(operation);
    if (entry === undefined) return undefined;
    entry.times -= 1;
    if (entry.times === 0) this.#byOperation.delete(operation);
    return entry.fault;
  }

  clear(): void {
    this.#byOperation.clear();
  }
}
