import { changeLease } from '../../shared/aws/table/change-lease.ts';
import type { ChangeLease } from '../../shared/lease/ports.ts';

/** A user's lease, for functions that the user themselves did not call. */
export const leaseOf = (userId: string, remainingMillis: number, signal: AbortSignal): ChangeLease =>
  changeLease({ caller: { userId }, signal, remainingMillis });
