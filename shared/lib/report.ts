import type { Metrics } from './metrics.ts';

/** The result of a run: members of its log line, and metrics besides those of every invocation. */
export interface Report {
  readonly fields: Readonly<Record<string, number>>;
  readonly metrics: Metrics;
}
