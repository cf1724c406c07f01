import { clock } from '../lib/clock.ts';
import { errorFields, log } from '../lib/log.ts';
import { changeRecovery, recoveryNotFound } from './change-recovery.ts';
import type { ExecutionStarter, RecoveryStore } from './ports.ts';
import type { Recovery } from './recovery.ts';
import { approve, cancel, deny, objectTo } from './state-machine.ts';

/** Where decisions are read and written. */
export interface DecisionContext {
  readonly store: Pick<RecoveryStore, 'get' | 'replace'>;
}

export interface ApprovalContext extends DecisionContext {
  readonly starter: ExecutionStarter;
}

/**
 * Each of these throws `recovery-not-found`, `recovery-closed`, `separation-of-duties`, `busy`, and what the store
 * throws. `by` is the person who decides.
 */

/** With the last approval that it needs the execution is started; where that fails, the sweep starts it. */
export async function approveRecovery(id: string, by: string, context: ApprovalContext): Promise<Recovery> {
  const decide = (recovery: Recovery) => approve(recovery, { by, now: clock.now() });
  const recovery = await changeRecovery(id, 'ApproveRecovery', decide, context.store);
  if (recovery.state === 'approved') await start(recovery.id, context.starter);
  return recovery;
}

export const denyRecovery = (id: string, by: string, { store }: DecisionContext): Promise<Recovery> =>
  changeRecovery(id, 'DenyRecovery', (recovery) => deny(recovery, { by, now: clock.now() }), store);

export const cancelRecovery = (id: string, by: string, { store }: DecisionContext): Promise<Recovery> =>
  changeRecovery(id, 'CancelRecovery', (recovery) => cancel(recovery, { by, now: clock.now() }), store);

/** Only its subject, whom his UserId tells from another user of his name, knows of it. */
export const objectToRecovery = (id: string, userId: string, { store }: DecisionContext): Promise<Recovery> =>
  changeRecovery(
    id,
    'ObjectToRecovery',
    (recovery) => {
      if (recovery.userId !== userId) throw recoveryNotFound();
      return objectTo(recovery, clock.now());
    },
    store,
  );

async function start(recoveryId: string, starter: ExecutionStarter): Promise<void> {
  try {
    await starter.start(recoveryId);
  } catch (error) {
    log.warn('execution not started', { recoveryId, ...errorFields(error) });
  }
}
