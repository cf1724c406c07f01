import { clock } from '../../lib/clock.ts';
import { hasCome } from '../time.ts';
import type { Execution, ExecutionEnd } from './execution.ts';

/**
 * Denies everything to sessions issued until a minute from the last deactivation: STS accepts a device for some seconds
 * after it. Written at once, for what is issued meanwhile, and by every later attempt, in case someone has deleted it.
 * Without room for the policy the recovery fails, and the next one inherits the duty with the guard.
 */
export async function denySessions(execution: Execution): Promise<ExecutionEnd | undefined> {
  if (!execution.mustRevoke) return undefined;
  if (isToBeDated(execution)) {
    if (!(await execution.write('AwaitRevocation', {}))) return 'superseded';
    execution.isUnsettled = false;
  }
  const { revokeAfter = '' } = execution.recovery;
  const isDenied = await execution.directory.denyOldSessions(new Date(revokeAfter));
  return isDenied ? undefined : execution.fail('policy-quota');
}

/** Moves the denial if devices have been taken since. */
export const denyLaterSessions = async (execution: Execution): Promise<ExecutionEnd | undefined> =>
  isToBeDated(execution) ? denySessions(execution) : undefined;

const isToBeDated = ({ isUnsettled, recovery }: Execution): boolean =>
  isUnsettled || recovery.revokeAfter === undefined;

/** Once no earlier session can appear any more, the duty to revoke is fulfilled. */
export async function waitUntilSettled(execution: Execution): Promise<ExecutionEnd | undefined> {
  const { lease, mustRevoke, recovery } = execution;
  if (!mustRevoke) return undefined;
  if (!hasCome(recovery.revokeAfter, clock.now())) return 'waiting';
  if (lease.guard?.mustRevoke) await lease.putGuard({ recoveryId: recovery.id, at: lease.guard.at });
  return undefined;
}
