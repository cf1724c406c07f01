import type { Metrics } from './metrics.ts';

/** What a run has to tell: members of its log line, and metrics beside those of every function. */
export interface Report {
  readonly fields: Readonly<Record<string, number>>;
  readonly metrics: Metrics;
}
