import type { TemplateResource } from '../cloudformation/template.ts';
import { ifGiven } from './conditions.ts';
import { deadLettersId, type QueueOwner, queueOwners, whereUsed } from './dead-letter-queues.ts';
import { functionId } from './logical-ids.ts';
import { deadLetters, type Metric, serviceMetrics } from './metrics.ts';
import { setting } from './parameters.ts';
import { placeholders } from './placeholders.ts';
import { functionName, service } from './resource-names.ts';

interface Alarm {
  readonly name: string;
  readonly description: string;
  /** Evaluated over five minutes. */
  readonly metric: Metric;
  readonly statistic: 'Sum' | 'Maximum';
  /** The alarm fires at this value and above. */
  readonly threshold: number;
}

const { stage } = placeholders;
const periodSeconds = 300;

/** The alarms by logical id: those of the service, and one per function and queue, so that its name says which. */
export function alarms(functions: readonly string[]): Readonly<Record<string, TemplateResource>> {
  const ofFunctions = functions.map(
    (name) => [`${functionId(name)}Alarm`, alarmResource(functionAlarm(name))] as const,
  );
  const ofQueues = queueOwners.map(
    (owner) =>
      [`${deadLettersId(owner)}Alarm`, whereUsed(owner, alarmResource(deadLettersAlarm(owner)))] as const,
  );
  const ofService = Object.entries({ ...serviceAlarms(), ...guessingAlarms(), ...recoveryAlarms() }).map(
    ([id, alarm]) => [id, alarmResource(alarm)] as const,
  );
  return Object.fromEntries([...ofService, ...ofFunctions, ...ofQueues]);
}

function serviceAlarms(): Readonly<Record<string, Alarm>> {
  const { serverErrors, throttled, accessDenied, stepUpRefused } = serviceMetrics;
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
function guessingAlarms(): Readonly<Record<string, Alarm>> {
  const { wrongCodes, wrongPasses, webhooksRefused } = serviceMetrics;
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

function recoveryAlarms(): Readonly<Record<string, Alarm>> {
  const { recoveriesRequested, recoveriesFailed, recoveriesOverdue, holdsMended, recoveryLimit } =
    serviceMetrics;
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

function deadLettersAlarm(owner: QueueOwner): Alarm {
  return {
    name: `${owner}-dead-letters`,
    description: `Deliveries to ${owner} failed for good and are waiting in the dead-letter queue.`,
    metric: deadLetters(owner),
    statistic: 'Maximum',
    threshold: 1,
  };
}

function functionAlarm(name: string): Alarm {
  const FunctionName = functionName(stage, name);
  return {
    name: `${name}-errors`,
    description: `The function ${FunctionName} failed or timed out.`,
    metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName } },
    statistic: 'Sum',
    threshold: 1,
  };
}

function alarmResource({ name, description, metric, statistic, threshold }: Alarm): TemplateResource {
  const actions = ifGiven('AlarmTopicArn', [setting('AlarmTopicArn')]);
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
      AlarmActions: actions,
      OKActions: actions,
    },
  };
}
