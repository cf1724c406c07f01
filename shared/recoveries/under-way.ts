import { Problem } from '../contract/problem.ts';
import type { HeldLease } from '../lease/ports.ts';
import type { RecoveryStore } from './ports.ts';
import type { Recovery, RecoveryState } from './recovery.ts';

/** From its last approval until its end, a recovery is the only one of its user's. */
export const isUnderWay = (state: RecoveryState): boolean => state === 'approved' || state === 'executing';

/**
 * Throws `busy` while another recovery of the user's is under way. The guard goes before the marker: whoever has put it
 * has begun. Neither counts once its recovery has ended, so nothing has to be cleaned up.
 */
export async function assertOnlyOne(
  { id, userName }: Pick<Recovery, 'id' | 'userName'>,
  { guard, recoveryUnderWay }: Pick<HeldLease, 'guard' | 'recoveryUnderWay'>,
  store: Pick<RecoveryStore, 'get'>,
): Promise<void> {
  for (const one of new Set([guard?.recoveryId, recoveryUnderWay])) {
    if (one === undefined) continue;
    if (one === id) return;
    const other = await store.get(one);
    if (other !== undefined && isUnderWay(other.state)) throw otherUnderWay(one, userName);
  }
}

export const otherUnderWay = (id: string, userName: string): Problem =>
  new Problem(
    'busy',
    `Recovery ${id} for the user ${userName} is being executed. Try again once it has ended.`,
    { retryAfter: 60 },
  );
