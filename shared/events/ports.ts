/** One event as it is put on the bus. */
export interface BusEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
  readonly resources: readonly string[];
}

/** Where events go. */
export interface EventBus {
  /**
   * Puts at most ten entries. Gives those that were not taken, to be tried again. Throws a `Problem`: `upstream-failed`,
   * `throttled` or `timeout`.
   */
  put(entries: readonly BusEntry[]): Promise<readonly BusEntry[]>;
}
