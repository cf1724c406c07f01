import type { UserDevices } from '../../devices/ports.ts';
import type { ChangeLease } from '../../lease/ports.ts';
import type { RecoveryStore, UserDirectory } from '../ports.ts';
import type { Recovery } from '../recovery.ts';

/** What an execution may do in IAM, confined to one user and their devices. Every method throws a `Problem`. */
export interface RecoveryDirectory extends UserDirectory, UserDevices {
  /** Keeps the user from enrolling around this API. False if they have no policy slot left. */
  attachHold(): Promise<boolean>;
  /** Succeeds if there is no hold. */
  detachHold(): Promise<void>;
  /** Denies everything to sessions issued before that moment. False if the user's inline policies leave no room. */
  denyOldSessions(before: Date): Promise<boolean>;
  /** Ends that denial; succeeds if there is none. */
  allowOldSessions(): Promise<void>;
}

export interface ExecutionPorts {
  readonly store: RecoveryStore;
  /** A user's lease, held for at most `leaseMillis`. */
  readonly leaseOf: (userId: string, leaseMillis: number, signal: AbortSignal) => ChangeLease;
  readonly directoryOf: (
    user: Pick<Recovery, 'userName' | 'userArn'>,
    signal: AbortSignal,
  ) => RecoveryDirectory;
}
