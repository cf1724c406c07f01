import { functionName, service } from '../roles.ts';
import type { CompiledResource } from './compiled-template.ts';
import type { TemplateSettings } from './settings.ts';
import { accessLogGroupId } from './stage.ts';

/** Where functions and metric filters put the service's own metrics. */
export const metricNamespace = 'MfaSelfService';

/** A metric of CloudWatch, as an alarm or a widget names it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Alarm {
  readonly name: string;
  readonly description: string;
  /** Summed up over five minutes. */
  readonly metric: Metric;
  /** From how many on. */
  readonly threshold: number;
}

const periodSeconds = 300;

const own = (stage: string, name: string): Metric => ({
  namespace: metricNamespace,
  name,
  dimensions: { Stage: stage },
});

/** The metrics beyond single functions. */
export function serviceMetrics(stage: string) {
  const api = { ApiName: `${service}-${stage}`, Stage: stage };
  return {
    serverErrors: { namespace: 'AWS/ApiGateway', name: '5XXError', dimensions: api },
    clientErrors: { namespace: 'AWS/ApiGateway', name: '4XXError', dimensions: api },
    requests: { namespace: 'AWS/ApiGateway', name: 'Count', dimensions: api },
    latency: { namespace: 'AWS/ApiGateway', name: 'Latency', dimensions: api },
    throttled: own(stage, 'Throttled'),
    accessDenied: own(stage, 'GatewayAccessDenied'),
    stepUpRefused: own(stage, 'StepUpRefused'),
  } as const satisfies Readonly<Record<string, Metric>>;
}

/** Counts in the access log what only API Gateway sees. */
export function metricFilters(stage: string): Readonly<Record<string, CompiledResource>> {
  const { throttled, accessDenied } = serviceMetrics(stage);
  return {
    ThrottledFilter: metricFilter(throttled, '{ $.status = "429" }'),
    AccessDeniedFilter: metricFilter(accessDenied, '{ $.errorResponseType = "ACCESS_DENIED" }'),
  };
}

function metricFilter({ namespace, name }: Metric, FilterPattern: string): CompiledResource {
  return {
    Type: 'AWS::Logs::MetricFilter',
    Properties: {
      LogGroupName: { Ref: accessLogGroupId },
      FilterPattern,
      MetricTransformations: [
        {
          MetricNamespace: namespace,
          MetricName: name,
          MetricValue: '1',
          Dimensions: [{ Key: 'Stage', Value: '$.stage' }],
        },
      ],
    },
  };
}

/** The alarms by logical id: those of the service, and one per function, so that it says which. */
export function alarms(
  { stage, alarmTopicArn }: TemplateSettings,
  functions: readonly { readonly logicalId: string; readonly name: string }[],
): Readonly<Record<string, CompiledResource>> {
  const ofFunctions = functions.map(
    ({ logicalId, name }) => [`${logicalId}Alarm`, functionAlarm(stage, name)] as const,
  );
  const all = [...Object.entries(serviceAlarms(stage)), ...ofFunctions];
  return Object.fromEntries(all.map(([id, alarm]) => [id, alarmResource(alarm, stage, alarmTopicArn)]));
}

function serviceAlarms(stage: string): Readonly<Record<string, Alarm>> {
  const { serverErrors, throttled, accessDenied, stepUpRefused } = serviceMetrics(stage);
  return {
    ServerErrorsAlarm: {
      name: 'server-errors',
      description: 'Requests were answered 5xx.',
      metric: serverErrors,
      threshold: 5,
    },
    ThrottledAlarm: {
      name: 'throttled',
      description: 'Requests were answered 429, by API Gateway or because AWS throttled the functions.',
      metric: throttled,
      threshold: 20,
    },
    AccessDeniedAlarm: {
      name: 'access-denied',
      description:
        'API Gateway refused requests for want of recent MFA or of policies: somebody may be trying a stolen key.',
      metric: accessDenied,
      threshold: 20,
    },
    StepUpRefusedAlarm: {
      name: 'step-up-refused',
      description:
        'Functions refused requests without recent MFA that API Gateway should not have let through.',
      metric: stepUpRefused,
      threshold: 1,
    },
  };
}

function functionAlarm(stage: string, name: string): Alarm {
  return {
    name: `${name.slice(functionName(stage, '').length)}-errors`,
    description: `The function ${name} failed or ran out of time.`,
    metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: name } },
    threshold: 1,
  };
}

function alarmResource(
  { name, description, metric, threshold }: Alarm,
  stage: string,
  topicArn: string | undefined,
): CompiledResource {
  const actions = topicArn === undefined ? {} : { AlarmActions: [topicArn], OKActions: [topicArn] };
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${service}-${stage}-${name}`,
      AlarmDescription: `${description} What to do: docs/operate.md`,
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistic: 'Sum',
      Period: periodSeconds,
      EvaluationPeriods: 1,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...actions,
    },
  };
}
