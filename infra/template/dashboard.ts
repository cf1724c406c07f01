import type { CompiledResource } from './cloudformation.ts';
import { usedQueues } from './dead-letter-queues.ts';
import { deadLetters, type Metric, metricNamespace, serviceMetrics } from './metrics.ts';
import { functionName, service } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

interface Graph {
  readonly title: string;
  readonly stat: string;
  /** Entries of a widget's `metrics`: a metric, or a search expression. */
  readonly lines: readonly (readonly unknown[])[];
}

const width = 12;
const height = 6;

/** The dashboard: requests and refusals, latency, functions, enrolments and recoveries. */
export function dashboard(settings: TemplateSettings): CompiledResource {
  const { stage } = settings;
  const widgets = [...graphs(stage), ...recoveryGraphs(settings)].map(({ title, stat, lines }, index) => ({
    type: 'metric',
    x: (index % 2) * width,
    y: Math.floor(index / 2) * height,
    width,
    height,
    properties: {
      title,
      stat,
      metrics: lines,
      region: `\${AWS::Region}`,
      period: 300,
      view: 'timeSeries',
    },
  }));
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: {
      DashboardName: `${service}-${stage}`,
      DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) },
    },
  };
}

function graphs(stage: string): readonly Graph[] {
  const { serverErrors, clientErrors, requests, latency, throttled, accessDenied, stepUpRefused } =
    serviceMetrics(stage);
  const ofFunctions = (name: string, stat: string) =>
    search(`{AWS/Lambda,FunctionName} MetricName="${name}" FunctionName="${functionName(stage, '')}"`, stat);
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
      lines: [ofFunctions('Errors', 'Sum'), ofFunctions('Throttles', 'Sum')],
    },
    { title: 'Function duration, p99', stat: 'p99', lines: [ofFunctions('Duration', 'p99')] },
  ];
}

function recoveryGraphs(settings: TemplateSettings): readonly Graph[] {
  const { stage } = settings;
  const {
    recoveriesRequested,
    recoveriesExecuted,
    recoveriesFailed,
    recoveriesExpired,
    recoveriesOverdue,
    holdsMended,
    recoveryLimit,
  } = serviceMetrics(stage);
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
      lines: usedQueues(settings).map((owner) => lineOf(deadLetters(stage, owner))),
    },
  ];
}

function lineOf({ namespace, name, dimensions }: Metric): readonly unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat()];
}

function search(terms: string, stat: string): readonly unknown[] {
  return [{ expression: `SEARCH('${terms}', '${stat}', 300)` }];
}
