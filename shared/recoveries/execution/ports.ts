import type { ActiveDevice, Tags } from '../../devices/ports.ts';
import type { ChangeLease } from '../../lease/ports.ts';
import type { IamUser, RecoveryStore } from '../ports.ts';
import type { Recovery } from '../recovery.ts';

/**
 * What an execution may do in IAM, to one user and his devices alone. Every method throws a `Problem`: `user-not-found`
 * (of `getUser`), `device-not-found`, `device-active`, `busy`, `throttled`, `upstream-failed` or `timeout`.
 */
export interface RecoveryDirectory {
  getUser(): Promise<IamUser>;
  /** Devices of every kind that are enabled for the user. */
  listActive(): Promise<readonly ActiveDevice[]>;
  /** Serial numbers of the account's virtual devices that nobody holds and that begin with `prefix`. */
  listUnassigned(prefix: string): Promise<readonly string[]>;
  listTags(serialNumber: string): Promise<Tags>;
  /** Throws `device-not-found` where the device is not active for the user. */
  deactivate(serialNumber: string): Promise<void>;
  /** Deletes a virtual device; throws `device-active` where somebody holds it. */
  remove(serialNumber: string): Promise<void>;
  /** Keeps the user from enrolling past this API. False when his policies leave no room for it. */
  attachHold(): Promise<boolean>;
  /** A hold that is not there is as good as detached. */
  detachHold(): Promise<void>;
  /** Denies everything to the user's sessions that were issued before. False when his policies leave no room for it. */
  denyOldSessions(before: Date): Promise<boolean>;
  /** Ends that; what is not there is as good as ended. */
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
