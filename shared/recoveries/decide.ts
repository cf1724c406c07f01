import { clock } from '../lib/clock.ts';
import { errorFields, log } from '../lib/log.ts';
import { changeRecovery } from './change-recovery.ts';
import type { ExecutionStarter, RecoveryStore } from './ports.ts';
import type { Recovery } from './recovery.ts';
import { type Action, type Input, transition } from './state-machine.ts';

export interface DecisionContext {
  readonly store: Pick<RecoveryStore, 'get' | 'replace'>;
}

export interface ApprovalContext extends DecisionContext {
  readonly starter: ExecutionStarter;
}

/**
 * Each of these throws `recovery-not-found`, `recovery-closed`, `separation-of-duties`, `busy`, and whatever the store
 * throws. `by` names the person who decides.
 */

/** The last approval needed starts the execution; if it cannot be started, the next sweep does it. */
export async function approveRecovery(id: string, by: string, context: ApprovalContext): Promise<Recovery> {
  const recovery = await decide(id, 'ApproveRecovery', { by }, context);
  if (recovery.state === 'approved') await start(recovery.id, context.starter);
  return recovery;
}

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
