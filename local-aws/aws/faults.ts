/** A fault delays a call, makes it fail, or both. */
export interface Fault {
  /**
   * An AWS error code, `connection-reset` (no effect and no answer), `malformed` (no effect, and a 200 with an
   * unreadable body) or `lost-answer` (the call has its effect, even if its client has gone meanwhile, but no answer).
   */
  readonly error?: string;
  readonly delayMs?: number;
}

/** Faults injected into the next calls of an operation, for tests and demos. */
export class Faults {
  readonly #byOperation = new Map<string, { readonly fault: Fault; times: number }>();

  /** @param times how many calls are affected; 0 clears the operation's fault */
  put({ operation, times, ...fault }: Fault & { readonly operation: string; readonly times: number }): void {
    if (times > 0) this.#byOperation.set(operation, { fault, times });
    else this.#byOperation.delete(operation);
  }

  /** The fault for this call of the operation, if any; reduces the count by one. */
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
