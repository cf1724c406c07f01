/** Where secrets shared with ticketing systems are kept. */
export interface SecretSource {
  /**
   * All that are good now, the newest first, as they were at most so many milliseconds ago. Throws a `Problem`:
   * `upstream-failed`, `throttled` or `timeout`.
   */
  get(name: string, maxAgeMillis: number): Promise<readonly string[]>;
}
