import type { ProblemCode } from '../../shared/contract/problem.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { deadLetterQueueName, type QueueOwner } from './dead-letter-queues.ts';
import { placeholders } from './placeholders.ts';
import { service } from './resource-names.ts';
import { accessLogGroupId } from './stage.ts';

const { stage } = placeholders;

/** The namespace of the service's own metrics, from functions and metric filters. */
export const metricNamespace = 'MfaSelfService';

/** A CloudWatch metric, as an alarm or a widget names it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const own = (name: string): Metric => ({
  namespace: metricNamespace,
  name,
  dimensions: { Stage: stage },
});

/** Problem documents with one code. */
const problems = (code: ProblemCode): Metric => ({
  namespace: metricNamespace,
  name: 'Problems',
  dimensions: { Stage: stage, Code: code },
});

const api = { ApiName: `${service}-${stage}`, Stage: stage };

/** The metrics of the whole service. */
export const serviceMetrics = {
  serverErrors: { namespace: 'AWS/ApiGateway', name: '5XXError', dimensions: api },
  clientErrors: { namespace: 'AWS/ApiGateway', name: '4XXError', dimensions: api },
  requests: { namespace: 'AWS/ApiGateway', name: 'Count', dimensions: api },
  latency: { namespace: 'AWS/ApiGateway', name: 'Latency', dimensions: api },
  throttled: own('Throttled'),
  accessDenied: own('GatewayAccessDenied'),
  stepUpRefused: own('StepUpRefused'),
  recoveriesRequested: own('RecoveriesRequested'),
  recoveriesExecuted: own('RecoveriesExecuted'),
  recoveriesFailed: own('RecoveriesFailed'),
  recoveriesOverdue: own('RecoveriesOverdue'),
  recoveriesExpired: own('RecoveriesExpired'),
  holdsMended: own('HoldsMended'),
  recoveryLimit: problems('recovery-limit'),
  wrongCodes: problems('invalid-authentication-code'),
  wrongPasses: problems('enrolment-pass-invalid'),
  webhooksRefused: problems('webhook-refused'),
} as const satisfies Readonly<Record<string, Metric>>;

/** Counts, from the access log, what only API Gateway sees. */
export function metricFilters(): Readonly<Record<string, TemplateResource>> {
  const { throttled, accessDenied } = serviceMetrics;
  return {
    ThrottledFilter: metricFilter(throttled, '{ $.status = "429" }'),
    AccessDeniedFilter: metricFilter(accessDenied, '{ $.errorResponseType = "ACCESS_DENIED" }'),
  };
}

function metricFilter({ namespace, name }: Metric, FilterPattern: string): TemplateResource {
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
export const deadLetters = (owner: QueueOwner): Metric => ({
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: deadLetterQueueName(stage, owner) },
});
