import { Problem } from '../contract/problem.ts';
import { recordRecovery, recordWrite } from './audit-trail.ts';
import type { RecoveryStore } from './ports.ts';
import type { Recovery } from './recovery.ts';
import { recoveryNotFound } from './refusals.ts';

/** Returns the next version of a recovery, or the recovery itself if nothing changes. Throws if that is refused. */
export type Decide = (recovery: Recovery) => Recovery;

const attempts = 5;

/**
 * Reads a recovery, decides, and writes the next version; starts over if another writer got there first.
 * Throws `recovery-not-found`, `busy` after losing that race every time, and whatever the decision or the store throws.
 * @param change the audit's name for the write, for example `ApproveRecovery`
 */
export async function changeRecovery(
  id: string,
  change: string,
  decide: Decide,
  store: Pick<RecoveryStore, 'get' | 'replace'>,
): Promise<Recovery> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const current = await existing(id, store);
    const next = decide(current);
    if (next === current) return current;
    if (await recordWrite(change, () => store.replace(next))) {
      recordRecovery(next);
      return next;
    }
  }
  throw new Problem('busy', 'Others are changing this recovery right now. Check its state, then try again.', {
    retryAfter: 2,
  });
}

/** Reads a recovery and notes it for the audit. Throws `recovery-not-found`. */
export async function existing(id: string, store: Pick<RecoveryStore, 'get'>): Promise<Recovery> {
  const recovery = await store.get(id);
  if (recovery === undefined) throw recoveryNotFound();
  recordRecovery(recovery);
  return recovery;
}
