import type { ChangeLease } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import { errorFields, log } from '../lib/log.ts';
import { changeRecovery } from './change-recovery.ts';
import type { ExecutionStarter, RecoveryStore } from './ports.ts';
import type { Recovery } from './recovery.ts';
import { type Action, type Input, transition } from './state-machine.ts';
import { assertOnlyOne } from './under-way.ts';

export interface DecisionContext {
  readonly store: Pick<RecoveryStore, 'get' | 'replace'>;
}

export interface ApprovalContext extends DecisionContext {
  readonly starter: ExecutionStarter;
  /** The lease of the user with this UserId. */
  readonly leaseOf: (userId: string) => ChangeLease;
}

/**
 * Each of these throws `recovery-not-found`, `recovery-closed`, `separation-of-duties`, `busy`, and whatever the store
 * throws. `by` names the person who decides.
 */

/**
 * The last approval needed starts the execution; if it cannot be started, the next sweep does it. It is given under the
 * subject's lease, and refused as `busy` while another recovery of theirs is under way.
 */
export async function approveRecovery(id: string, by: string, context: ApprovalContext): Promise<Recovery> {
  const { store, starter } = context;
  const seen = await changeRecovery(id, 'ApproveRecovery', (current) => unlessLast(current, by), store);
  const isApproved = approved(seen, by) === seen;
  const recovery = isApproved ? seen : await approveAlone(seen, by, context);
  if (recovery.state === 'approved') await start(recovery.id, starter);
  return recovery;
}

const approved = (recovery: Recovery, by: string): Recovery =>
  transition(recovery, 'ApproveRecovery', { by }, clock.now());

/** Leaves a recovery as it is if the approval would be the last one. */
function unlessLast(recovery: Recovery, by: string): Recovery {
  const next = approved(recovery, by);
  return next.state === 'approved' ? recovery : next;
}

/** The marker comes first: it means nothing as long as its recovery is not approved. */
const approveAlone = (
  recovery: Recovery,
  by: string,
  { store, leaseOf }: ApprovalContext,
): Promise<Recovery> =>
  leaseOf(recovery.userId).run(async (lease) => {
    await assertOnlyOne(recovery, lease, store);
    await lease.write({ recoveryUnderWay: recovery.id });
    return decide(recovery.id, 'ApproveRecovery', { by }, { store });
  });

export const denyRecovery = (id: string, by: string, context: DecisionContext): Promise<Recovery> =>
  decide(id, 'DenyRecovery', { by }, context);

export const cancelRecovery = (id: string, by: string, context: DecisionContext): Promise<Recovery> =>
  decide(id, 'CancelRecovery', { by }, context);

/** `userId` identifies the user who objects. */
export const objectToRecovery = (id: string, userId: string, context: DecisionContext): Promise<Recovery> =>
  decide(id, 'ObjectToRecovery', { userId }, context);

const decide = <A extends Action>(
  id: string,
  action: A,
  input: Input<A>,
  { store }: DecisionContext,
): Promise<Recovery> =>
  changeRecovery(id, action, (recovery) => transition(recovery, action, input, clock.now()), store);

async function start(recoveryId: string, starter: ExecutionStarter): Promise<void> {
  try {
    await starter.start(recoveryId);
  } catch (error) {
    log.warn('execution not started', { recoveryId, ...errorFields(error) });
  }
}
