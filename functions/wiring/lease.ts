import { changeLease } from '../../shared/aws/table/change-lease.ts';
import type { ChangeLease } from '../../shared/lease/ports.ts';

/** A user's lease, for functions that the user themselves did not call. */
export const leaseOf = (userId: string, remainingMillis: number, signal: AbortSignal): ChangeLease =>
  changeLease({ caller: { userId }, signal, remainingMillis });

/** How long a recovery waits for its subject's lease, so that whoever has their key cannot keep it from its turn. */
const waitMillis = 5_000;

/** The lease of a recovery's subject. */
export const subjectLeaseOf = (userId: string, remainingMillis: number, signal: AbortSignal): ChangeLease =>
  changeLease({ caller: { userId }, signal, remainingMillis, waitMillis });
