import type { AuditAction } from '../../contract/operation.ts';
import { problemCodeOf } from '../../contract/problem.ts';
import { type AuditResult, auditFields } from '../../events/audit.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { errorFields, log } from '../../lib/log.ts';
import type { Report } from '../../lib/report.ts';
import type { TaskOutcome } from './process-recovery.ts';
import type { Task } from './schedule.ts';
import type { SweepOptions } from './sweep.ts';

const actions: Readonly<Record<Task, AuditAction>> = {
  execute: 'execute-recovery',
  expire: 'expire-recovery',
  'end-revocation': 'end-revocation',
};

const complete: ReadonlySet<TaskOutcome['end']> = new Set(['executed', 'expired', 'revocation-ended']);

/** Logs the outcome of each recovery, for operators and for the audit. */
export const auditReporters = (requestId: string): Pick<SweepOptions, 'onEnd' | 'onNotPostponed'> => ({
  onEnd: (outcome) => {
    if (outcome.end === 'error') logError('recovery task failed', requestId, outcome);
    logChange(requestId, outcome);
  },
  onNotPostponed: (id, error) => logError('recovery not rescheduled', requestId, { id, error }),
});

const logError = (
  message: string,
  requestId: string,
  { id, task, error }: Pick<TaskOutcome, 'id' | 'task' | 'error'>,
): void => log.error(message, { requestId, recoveryId: id, task, ...errorFields(error) });

/** One audit line per attempt that changed something: an execution that waits or is retried has several. */
function logChange(requestId: string, { task, end, error }: TaskOutcome): void {
  const { changes, devices, recovery } = currentInvocation();
  if (task === undefined || changes.size === 0) return;
  const result: AuditResult = complete.has(end) ? 'done' : 'incomplete';
  const entry = auditFields({
    action: actions[task],
    result,
    code: error === undefined ? undefined : problemCodeOf(error),
    requestId,
    recovery,
    ownerId: recovery?.userId,
    ...(devices.length > 0 && { serialNumbers: devices }),
    changes: [...changes],
  });
  log.info('change', entry);
}

/**
 * Counts for a run's log line and metrics.
 * @param overdue how many recoveries are overdue, if the run has counted them
 */
export function reportOf(all: readonly TaskOutcome[], overdue = 0): Report {
  const count = (end: TaskOutcome['end']) => all.filter((outcome) => outcome.end === end).length;
  const [executed, failed, expired, problems] = [
    count('executed'),
    count('failed'),
    count('expired'),
    count('error'),
  ];
  return {
    fields: {
      recoveries: all.length,
      executed,
      failed,
      waiting: count('waiting') + count('busy'),
      expired,
      overdue,
    },
    metrics: {
      ...(executed > 0 && { RecoveriesExecuted: executed }),
      ...(failed > 0 && { RecoveriesFailed: failed }),
      ...(expired > 0 && { RecoveriesExpired: expired }),
      ...(overdue > 0 && { RecoveriesOverdue: overdue }),
      ...(problems > 0 && { Problems: problems }),
    },
  };
}
