import type { UserDevices } from '../../devices/ports.ts';
import type { ChangeLease } from '../../lease/ports.ts';
import type { RecoveryStore, UserDirectory } from '../ports.ts';
import type { Recovery } from '../recovery.ts';

/** What an execution may do in IAM, to one user and their devices alone. Every method throws a `Problem`. */
export interface RecoveryDirectory extends UserDirectory, UserDevices {
  /** Keeps the user from enrolling past this API. False when their policies leave no room for it. */
  attachHold(): Promise<boolean>;
  /** A hold that is not there is as good as detached. */
  detachHold(): Promise<void>;
  /** Denies everything to the user's sessions issued before. False when their policies leave no room for it. */
  denyOldSessions(before: Date): Promise<boolean>;
  /** Ends that denial; one that is not there is as good as ended. */
  allowOldSessions(): Promise<void>;
}

/** What recoveries are executed with. */
export interface ExecutionPorts {
  readonly store: RecoveryStore;
  /** The lease of a user, held for `leaseMillis` at most. */
  readonly leaseOf: (userId: string, leaseMillis: number, signal: AbortSignal) => ChangeLease;
  readonly directoryOf: (
    user: Pick<Recovery, 'userName' | 'userArn'>,
    signal: AbortSignal,
  ) => RecoveryDirectory;
}
