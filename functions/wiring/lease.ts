import { changeLease } from '../../shared/aws/table/change-lease.ts';
import type { ChangeLease } from '../../shared/lease/ports.ts';

/** A user's lease, for functions that change what is theirs without being called by them. */
export const leaseOf = (userId: string, remainingMillis: number, signal: AbortSignal): ChangeLease =>
  changeLease({ caller: { userId }, signal, remainingMillis });
