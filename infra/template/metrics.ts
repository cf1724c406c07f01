import type { ProblemCode } from '../../shared/contract/problem.ts';
import type { CompiledResource } from './cloudformation.ts';
import { deadLetterQueueName, type QueueOwner } from './dead-letter-queues.ts';
import { service } from './resource-names.ts';
import { accessLogGroupId } from './stage.ts';

/** The namespace of the service's own metrics, from functions and metric filters. */
export const metricNamespace = 'MfaSelfService';

/** A CloudWatch metric, as an alarm or a widget names it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const own = (stage: string, name: string): Metric => ({
  namespace: metricNamespace,
  name,
  dimensions: { Stage: stage },
});

/** Problem documents with one code. */
const problems = (stage: string, code: ProblemCode): Metric => ({
  namespace: metricNamespace,
  name: 'Problems',
  dimensions: { Stage: stage, Code: code },
});

/** The metrics of the whole service. */
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
    recoveriesRequested: own(stage, 'RecoveriesRequested'),
    recoveriesExecuted: own(stage, 'RecoveriesExecuted'),
    recoveriesFailed: own(stage, 'RecoveriesFailed'),
    recoveriesOverdue: own(stage, 'RecoveriesOverdue'),
    recoveriesExpired: own(stage, 'RecoveriesExpired'),
    holdsMended: own(stage, 'HoldsMended'),
    recoveryLimit: problems(stage, 'recovery-limit'),
    wrongCodes: problems(stage, 'invalid-authentication-code'),
    wrongPasses: problems(stage, 'enrolment-pass-invalid'),
    webhooksRefused: problems(stage, 'webhook-refused'),
  } as const satisfies Readonly<Record<string, Metric>>;
}

/** Counts, from the access log, what only API Gateway sees. */
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

/** The number of messages in a dead-letter queue. */
export const deadLetters = (stage: string, owner: QueueOwner): Metric => ({
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: deadLetterQueueName(stage, owner) },
});
