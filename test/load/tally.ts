/** Counts answers, by operation and status. */
export class Tally {
  readonly #answers = new Map<string, Map<number, number>>();
  /** What must not happen, each kind once, with how often it did. */
  readonly #failures = new Map<string, number>();

  /** @param status 0 for a request without an answer */
  count(operation: string, status: number): void {
    const statuses = this.#answers.get(operation) ?? new Map<number, number>();
    this.#answers.set(operation, statuses.set(status, (statuses.get(status) ?? 0) + 1));
    if (status === 0 || status >= 500)
      this.fail(`${operation} answered ${status === 0 ? 'nothing' : status}`);
  }

  fail(what: string): void {
    this.#failures.set(what, (this.#failures.get(what) ?? 0) + 1);
  }

  get total(): number {
    return [...this.byStatus().values()].reduce((sum, count) => sum + count, 0);
  }

  /** The operations that never answered 2xx. */
  withoutSuccess(operations: readonly string[]): readonly string[] {
    const succeeded = (operation: string) =>
      [...(this.#answers.get(operation)?.keys() ?? [])].some((status) => status >= 200 && status < 300);
    return operations.filter((operation) => !succeeded(operation));
  }

  /** In the order of the statuses. */
  byStatus(): ReadonlyMap<number, number> {
    const sums = new Map<number, number>();
    for (const statuses of this.#answers.values()) {
      for (const [status, count] of statuses) sums.set(status, (sums.get(status) ?? 0) + count);
    }
    return new Map([...sums].sort(([one], [other]) => one - other));
  }

  failures(): readonly string[] {
    return [...this.#failures].map(([what, times]) => (times > 1 ? `${what}, ${times} times` : what));
  }

  /** A line for each operation. */
  lines(): readonly string[] {
    return [...this.#answers]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([operation, statuses]) => {
        const counts = [...statuses].sort(([one], [other]) => one - other);
        return `${operation.padEnd(28)}${counts.map(([status, count]) => `${status}: ${count}`).join(', ')}`;
      });
  }
}
