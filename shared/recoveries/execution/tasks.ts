import type { ChangeLease } from '../../lease/ports.ts';
import { clock } from '../../lib/clock.ts';
import { recordRecovery } from '../audit-trail.ts';
import { changeRecovery } from '../change-recovery.ts';
import type { RecoveryStore } from '../ports.ts';
import type { Recovery } from '../recovery.ts';
import { permits, transition } from '../state-machine.ts';
import { Execution, type ExecutionEnd } from './execution.ts';
import type { RecoveryDirectory } from './ports.ts';
import { type Task, taskOf } from './schedule.ts';
import { isSameUser, runSteps } from './steps.ts';

export type TaskEnd = ExecutionEnd | 'expired' | 'revocation-ended';

export interface TaskParts {
  readonly store: RecoveryStore;
  readonly directory: RecoveryDirectory;
  /** The subject's lease. */
  readonly lease: ChangeLease;
  readonly onProgress: () => void;
}

/** Each task throws a `Problem`, among them `busy` while another change holds the lease. */
export const tasks: Readonly<Record<Task, (recovery: Recovery, parts: TaskParts) => Promise<TaskEnd>>> = {
  execute: (recovery, { store, directory, lease, onProgress }) =>
    lease.run(async (held) => {
      // The previous holder of the lease may have executed it.
      const current = await readAgain(recovery, store);
      if (taskOf(current, clock.now()) !== 'execute') return 'superseded';
      return runSteps(new Execution(current, { store, directory, lease: held, onProgress }));
    }),

  expire: async (recovery, { store }) => {
    const { state } = await settle(recovery, 'ExpireRecovery', store);
    return state === 'expired' ? 'expired' : 'superseded';
  },

  'end-revocation': (recovery, { store, directory, lease }) =>
    lease.run(async () => {
      const current = await readAgain(recovery, store);
      if (taskOf(current, clock.now()) !== 'end-revocation') return 'superseded';
      const isNeeded = await isStillRevoked(current, store);
      if (!isNeeded && (await isSameUser({ directory, recovery: current })))
        await directory.allowOldSessions();
      await settle(recovery, 'EndRevocation', store);
      return 'revocation-ended';
    }),
};

/** Writes what the passage of time has caused, unless the recovery has moved on in the meantime. */
const settle = (
  { id }: Recovery,
  action: 'ExpireRecovery' | 'EndRevocation',
  store: RecoveryStore,
): Promise<Recovery> => {
  const decide = (current: Recovery) => {
    const now = clock.now();
    return permits(current, action, {}, now) ? transition(current, action, {}, now) : current;
  };
  return changeRecovery(id, action, decide, store);
};

async function readAgain(recovery: Recovery, store: RecoveryStore): Promise<Recovery> {
  const current = (await store.get(recovery.id)) ?? recovery;
  recordRecovery(current);
  return current;
}

/** Whether another recovery of the same user still revokes their sessions: all share one policy. */
async function isStillRevoked({ userId }: Recovery, store: RecoveryStore): Promise<boolean> {
  let after: string | undefined;
  do {
    const { items, last } = await store.listBySubject(userId, { limit: 100, after });
    if (items.some(({ revokedUntil = '' }) => Date.parse(revokedUntil) > clock.now())) return true;
    after = last;
  } while (after !== undefined);
  return false;
}
