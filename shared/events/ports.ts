import type { ServiceEvent } from '../contract/events/schemas.ts';

export interface BusEntry {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
  readonly resources: readonly string[];
}

export interface EventBus {
  /**
   * Puts at most ten entries; returns those that were not accepted, for another try. Throws a `Problem`:
   * `upstream-failed`, `throttled` or `timeout`.
   */
  put(entries: readonly BusEntry[]): Promise<readonly BusEntry[]>;
}

/**
 * Hands an event to a function, which acts on it later, maybe more than once. Throws a `Problem`: `upstream-failed`,
 * `throttled` or `timeout`.
 */
export type Tell = (event: ServiceEvent) => Promise<void>;
