import { Problem } from '../contract/problem.ts';
import { recordRecovery, recordWrite } from './audit-trail.ts';
import type { RecoveryStore } from './ports.ts';
import type { Recovery } from './recovery.ts';
import { recoveryNotFound } from './refusals.ts';

/** A decision on a recovery: its next version, or itself where nothing changes. Throws where it is refused. */
export type Decide = (recovery: Recovery) => Recovery;

const attempts = 5;

/**
 * Reads a recovery, decides, and writes the next version; starts again if somebody else wrote one meanwhile.
 * @param change what the audit calls the write, such as `ApproveRecovery`
 * Throws `recovery-not-found`, `busy` when others are faster every time, and what the decision and the store throw.
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
  throw new Problem('busy', 'Others are deciding on this recovery. Look at it, then try again.', {
    retryAfter: 2,
  });
}

/** The recovery, noted for the audit. Throws `recovery-not-found`. */
export async function existing(id: string, store: Pick<RecoveryStore, 'get'>): Promise<Recovery> {
  const recovery = await store.get(id);
  if (recovery === undefined) throw recoveryNotFound();
  recordRecovery(recovery);
  return recovery;
}
