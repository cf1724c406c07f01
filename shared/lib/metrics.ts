import { clock } from './clock.ts';
import type { Invocation } from './invocation.ts';

/** The metrics and their units. Alarms and dashboards rely on the names: docs/observability.md. */
const definitions = {
  Requests: { Name: 'Requests', Unit: 'Count' },
  Latency: { Name: 'Latency', Unit: 'Milliseconds' },
  UpstreamCalls: { Name: 'UpstreamCalls', Unit: 'Count' },
  UpstreamMillis: { Name: 'UpstreamMillis', Unit: 'Milliseconds' },
  Problems: { Name: 'Problems', Unit: 'Count' },
  StepUpRefused: { Name: 'StepUpRefused', Unit: 'Count' },
  EnrolmentsStarted: { Name: 'EnrolmentsStarted', Unit: 'Count' },
  EnrolmentsFinished: { Name: 'EnrolmentsFinished', Unit: 'Count' },
  EnrolmentsExpired: { Name: 'EnrolmentsExpired', Unit: 'Count' },
  RecoveriesRequested: { Name: 'RecoveriesRequested', Unit: 'Count' },
  RecoveriesExecuted: { Name: 'RecoveriesExecuted', Unit: 'Count' },
  RecoveriesFailed: { Name: 'RecoveriesFailed', Unit: 'Count' },
  RecoveriesExpired: { Name: 'RecoveriesExpired', Unit: 'Count' },
  RecoveriesOverdue: { Name: 'RecoveriesOverdue', Unit: 'Count' },
  HoldsMended: { Name: 'HoldsMended', Unit: 'Count' },
  EventsPublished: { Name: 'EventsPublished', Unit: 'Count' },
  NoticesSent: { Name: 'NoticesSent', Unit: 'Count' },
} as const;

export type MetricName = keyof typeof definitions;
export type Metrics = Partial<Record<MetricName, number>>;

export interface Dimensions {
  readonly stage: string;
  readonly operation: string;
  /** The problem's code, if any: `Problems` is then counted by code, too. */
  readonly code: string | undefined;
}

const Namespace = 'MfaSelfService';
const byOperation = [['Stage'], ['Stage', 'Operation']];
const problemsByCode = { Namespace, Dimensions: [['Stage', 'Code']], Metrics: [definitions.Problems] };

/**
 * The members by which CloudWatch extracts metrics from a log line.
 * Source: CloudWatch user guide, embedded metric format specification.
 */
export function metricFields({ stage, operation, code }: Dimensions, metrics: Metrics): object {
  const names = Object.keys(metrics).filter((name): name is MetricName => name in definitions);
  const all = { Namespace, Dimensions: byOperation, Metrics: names.map((name) => definitions[name]) };
  return {
    _aws: {
      Timestamp: clock.now(),
      CloudWatchMetrics: code === undefined ? [all] : [all, problemsByCode],
    },
    Stage: stage,
    Operation: operation,
    ...(code === undefined ? {} : { Code: code }),
    ...metrics,
  };
}

/** The metrics of every invocation. */
export const invocationMetrics = (
  { upstreamCalls, upstreamMillis }: Invocation,
  millis: number,
): Metrics => ({
  Requests: 1,
  Latency: roundMillis(millis),
  UpstreamCalls: upstreamCalls,
  UpstreamMillis: roundMillis(upstreamMillis),
});

/** Rounds to one decimal. */
export const roundMillis = (millis: number): number => Math.round(millis * 10) / 10;
