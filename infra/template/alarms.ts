import type { CompiledResource } from './cloudformation.ts';
import { deadLettersId, type QueueOwner, usedQueues } from './dead-letter-queues.ts';
import { deadLetters, type Metric, serviceMetrics } from './metrics.ts';
import { functionName, service } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

interface Alarm {
  readonly name: string;
  readonly description: string;
  /** Evaluated over five minutes. */
  readonly metric: Metric;
  readonly statistic: 'Sum' | 'Maximum';
  /** The alarm fires at this value and above. */
  readonly threshold: number;
}

const periodSeconds = 300;

/** The alarms by logical id: those of the service, and one per function and queue, so that its name says which. */
export function alarms(
  settings: TemplateSettings,
  functions: readonly { readonly logicalId: string; readonly name: string }[],
): Readonly<Record<string, CompiledResource>> {
  const { stage, alarmTopicArn } = settings;
  const ofFunctions = functions.map(
    ({ logicalId, name }) => [`${logicalId}Alarm`, functionAlarm(stage, name)] as const,
  );
  const ofQueues = usedQueues(settings).map(
    (owner) => [`${deadLettersId(owner)}Alarm`, deadLettersAlarm(stage, owner)] as const,
  );
  const ofService = { ...serviceAlarms(stage), ...guessingAlarms(stage), ...recoveryAlarms(stage) };
  const all = [...Object.entries(ofService), ...ofFunctions, ...ofQueues];
  return Object.fromEntries(all.map(([id, alarm]) => [id, alarmResource(alarm, stage, alarmTopicArn)]));
}

function serviceAlarms(stage: string): Readonly<Record<string, Alarm>> {
  const { serverErrors, throttled, accessDenied, stepUpRefused } = serviceMetrics(stage);
  return {
    ServerErrorsAlarm: {
      name: 'server-errors',
      description: 'Requests failed with 5xx.',
      metric: serverErrors,
      statistic: 'Sum',
      threshold: 5,
    },
    ThrottledAlarm: {
      name: 'throttled',
      description: 'Requests were throttled (429), by API Gateway or because AWS throttled the functions.',
      metric: throttled,
      statistic: 'Sum',
      threshold: 20,
    },
    AccessDeniedAlarm: {
      name: 'access-denied',
      description:
        'API Gateway refused requests for lack of recent MFA or of permissions: someone may be trying a stolen key.',
      metric: accessDenied,
      statistic: 'Sum',
      threshold: 20,
    },
    StepUpRefusedAlarm: {
      name: 'step-up-refused',
      description:
        'Functions refused requests without recent MFA that API Gateway should not have let through.',
      metric: stepUpRefused,
      statistic: 'Sum',
      threshold: 1,
    },
  };
}

/** People mistype, so one of these is nothing; many within minutes are somebody who guesses. */
function guessingAlarms(stage: string): Readonly<Record<string, Alarm>> {
  const { wrongCodes, wrongPasses, webhooksRefused } = serviceMetrics(stage);
  return {
    WrongCodesAlarm: {
      name: 'wrong-codes',
      description: 'Many codes were wrong: someone may be guessing those of devices.',
      metric: wrongCodes,
      statistic: 'Sum',
      threshold: 20,
    },
    WrongPassesAlarm: {
      name: 'wrong-passes',
      description: 'Several enrolment passes were wrong: someone may be enrolling in the place of a user.',
      metric: wrongPasses,
      statistic: 'Sum',
      threshold: 5,
    },
    WebhooksRefusedAlarm: {
      name: 'webhooks-refused',
      description: 'Webhooks were refused: forged, replayed, or signed with a secret that was replaced.',
      metric: webhooksRefused,
      statistic: 'Sum',
      threshold: 5,
    },
  };
}

function recoveryAlarms(stage: string): Readonly<Record<string, Alarm>> {
  const { recoveriesRequested, recoveriesFailed, recoveriesOverdue, holdsMended, recoveryLimit } =
    serviceMetrics(stage);
  return {
    RecoveryRequestedAlarm: {
      name: 'recovery-requested',
      description: 'A recovery of a lost device was requested.',
      metric: recoveriesRequested,
      statistic: 'Sum',
      threshold: 1,
    },
    RecoveryFailedAlarm: {
      name: 'recovery-failed',
      description:
        'An approved recovery could not be executed: the user may still have active devices, or live sessions.',
      metric: recoveriesFailed,
      statistic: 'Sum',
      threshold: 1,
    },
    RecoveryOverdueAlarm: {
      name: 'recovery-overdue',
      description: 'A recovery is still not executed 15 minutes after its last approval.',
      metric: recoveriesOverdue,
      statistic: 'Maximum',
      threshold: 1,
    },
    HoldsMendedAlarm: {
      name: 'holds-mended',
      description: 'A hold and a guard did not match and were put right; someone may have detached a hold.',
      metric: holdsMended,
      statistic: 'Sum',
      threshold: 1,
    },
    RecoveryLimitAlarm: {
      name: 'recovery-limit',
      description: 'A requester exceeded the daily limit of recoveries.',
      metric: recoveryLimit,
      statistic: 'Sum',
      threshold: 1,
    },
  };
}

function deadLettersAlarm(stage: string, owner: QueueOwner): Alarm {
  return {
    name: `${owner}-dead-letters`,
    description: `Deliveries to ${owner} failed for good and are waiting in the dead-letter queue.`,
    metric: deadLetters(stage, owner),
    statistic: 'Maximum',
    threshold: 1,
  };
}

function functionAlarm(stage: string, name: string): Alarm {
  return {
    name: `${name.slice(functionName(stage, '').length)}-errors`,
    description: `The function ${name} failed or timed out.`,
    metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: name } },
    statistic: 'Sum',
    threshold: 1,
  };
}

function alarmResource(
  { name, description, metric, statistic, threshold }: Alarm,
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
      Statistic: statistic,
      Period: periodSeconds,
      EvaluationPeriods: 1,
      Threshold: threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      ...actions,
    },
  };
}
