/** The store of the secrets shared with ticketing systems. */
export interface SecretSource {
  /**
   * All current secrets, newest first, from a cache no older than `maxAgeMillis`. Throws a `Problem`:
   * `upstream-failed`, `throttled` or `timeout`.
   */
  get(name: string, maxAgeMillis: number): Promise<readonly string[]>;
}
