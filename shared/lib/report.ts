import type { Metrics } from './metrics.ts';

/** The result of a run: members of its log line, and metrics besides those of every invocation. */
export interface Report {
  readonly fields: Readonly<Record<string, number>>;
  readonly metrics: Metrics;
}

/** The report of two parts of a run: what both count is added up. */
export const together = (one: Report, other: Report): Report => ({
  fields: added(one.fields, other.fields),
  metrics: added(one.metrics, other.metrics),
});

function added<Counts extends Readonly<Record<string, number>>>(one: Counts, other: Counts): Counts {
  const both = Object.entries(other).map(([name, count]) => [name, (one[name] ?? 0) + count]);
  return { ...one, ...Object.fromEntries(both) };
}
