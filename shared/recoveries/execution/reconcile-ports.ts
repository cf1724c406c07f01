import type { RecoveryStore } from '../ports.ts';
import type { ExecutionPorts } from './ports.ts';

/** A user to whom the hold is attached. */
export interface HeldUser {
  readonly userName: string;
  readonly userId: string;
}

/** A user's guard, as the table lists it. */
export interface ListedGuard {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly checkAfter: number;
}

export interface ReconcilePorts extends Pick<ExecutionPorts, 'leaseOf' | 'directoryOf'> {
  readonly store: Pick<RecoveryStore, 'get' | 'listBySubject' | 'listByState'>;
  /** All users with the hold. Like the next list it may lag. Both throw a `Problem`. */
  listHeld(): Promise<readonly HeldUser[]>;
  listGuards(): Promise<readonly ListedGuard[]>;
}
