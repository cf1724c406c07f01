import type { TemplateResource } from '../cloudformation/template.ts';
import { queueOwners } from './dead-letter-queues.ts';
import { deadLetters, type Metric, metricNamespace, serviceMetrics } from './metrics.ts';
import { placeholders } from './placeholders.ts';
import { functionName, service } from './resource-names.ts';

interface Graph {
  readonly title: string;
  readonly stat: string;
  /** Entries of a widget's `metrics`: a metric, or a search expression. */
  readonly lines: readonly (readonly unknown[])[];
}

const { stage } = placeholders;
const width = 12;
const height = 6;

/** The dashboard: requests and refusals, latency, functions, enrolments and recoveries. */
export function dashboard(functions: readonly string[]): TemplateResource {
  const widgets = [...graphs(functions), ...recoveryGraphs()].map(({ title, stat, lines }, index) => ({
    type: 'metric',
    x: (index % 2) * width,
    y: Math.floor(index / 2) * height,
    width,
    height,
    properties: {
      title,
      stat,
      metrics: lines,
      region: placeholders.region,
      period: 300,
      view: 'timeSeries',
    },
  }));
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: `${service}-${stage}`,
      DashboardBody: JSON.stringify({ widgets }),
    },
  };
}

function graphs(functions: readonly string[]): readonly Graph[] {
  const { serverErrors, clientErrors, requests, latency, throttled, accessDenied, stepUpRefused } =
    serviceMetrics;
  // One by one: a search matches a whole name, or parts that other services' names have too.
  const ofFunctions = (name: string) =>
    functions.map((each) => ['AWS/Lambda', name, 'FunctionName', functionName(stage, each), { label: each }]);
  const ours = (dimensions: string, names: readonly string[], stat: string) =>
    search(
      `{${metricNamespace},${dimensions}} Stage="${stage}" (${names.map((name) => `MetricName="${name}"`).join(' OR ')})`,
      stat,
    );
  return [
    { title: 'Requests', stat: 'Sum', lines: [requests, clientErrors, serverErrors].map(lineOf) },
    {
      title: 'Refused and throttled',
      stat: 'Sum',
      lines: [accessDenied, stepUpRefused, throttled].map(lineOf),
    },
    {
      title: 'Latency, p50 and p99',
      stat: 'p99',
      lines: [lineOf(latency), [...lineOf(latency), { stat: 'p50' }]],
    },
    { title: 'Problems by code', stat: 'Sum', lines: [ours('Stage,Code', ['Problems'], 'Sum')] },
    {
      title: 'Enrolments',
      stat: 'Sum',
      lines: [ours('Stage', ['EnrolmentsStarted', 'EnrolmentsFinished', 'EnrolmentsExpired'], 'Sum')],
    },
    {
      title: 'Calls to AWS, and their latency in milliseconds',
      stat: 'Sum',
      lines: [
        ours('Stage,Operation', ['UpstreamCalls'], 'Sum'),
        ours('Stage,Operation', ['UpstreamMillis'], 'p99'),
      ],
    },
    {
      title: 'Function errors and throttles',
      stat: 'Sum',
      lines: [...ofFunctions('Errors'), ...ofFunctions('Throttles')],
    },
    { title: 'Function duration, p99', stat: 'p99', lines: ofFunctions('Duration') },
  ];
}

function recoveryGraphs(): readonly Graph[] {
  const {
    recoveriesRequested,
    recoveriesExecuted,
    recoveriesFailed,
    recoveriesExpired,
    recoveriesOverdue,
    holdsMended,
    recoveryLimit,
  } = serviceMetrics;
  return [
    {
      title: 'Recoveries',
      stat: 'Sum',
      lines: [
        recoveriesRequested,
        recoveriesExecuted,
        recoveriesFailed,
        recoveriesExpired,
        recoveryLimit,
      ].map(lineOf),
    },
    { title: 'Recoveries overdue', stat: 'Maximum', lines: [lineOf(recoveriesOverdue)] },
    { title: 'Holds mended', stat: 'Sum', lines: [lineOf(holdsMended)] },
    {
      title: 'Dead letters',
      stat: 'Maximum',
      lines: queueOwners.map((owner) => lineOf(deadLetters(owner))),
    },
  ];
}

function lineOf({ namespace, name, dimensions }: Metric): readonly unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat()];
}

function search(terms: string, stat: string): readonly unknown[] {
  return [{ expression: `SEARCH('${terms}', '${stat}', 300)` }];
}
