import type { UserDevices } from '../devices/ports.ts';
import type { Recovery, RecoveryState } from './recovery.ts';

/** Which part of a list is asked for. `after` is what an earlier part gave as `last`. */
export interface ListRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface RecoveryList {
  readonly items: readonly Recovery[];
  /** Where the list continues; undefined at its end. */
  readonly last: string | undefined;
}

/**
 * Recoveries in the table. Reads of one are consistent, lists may lag a moment behind. Every method throws a `Problem`:
 * `throttled`, `upstream-failed` or `timeout`.
 */
export interface RecoveryStore {
  get(id: string): Promise<Recovery | undefined>;
  /** False when there is one of this id already; then nothing is written. */
  create(recovery: Recovery): Promise<boolean>;
  /** Writes the next version. False when somebody else wrote it before; then nothing is written. */
  replace(next: Recovery): Promise<boolean>;
  /** Latest request first. */
  listByState(state: RecoveryState, request: ListRequest): Promise<RecoveryList>;
  /** Latest request first. */
  listBySubject(userId: string, request: ListRequest): Promise<RecoveryList>;
  /** Ids of recoveries with something to be done by `now` (milliseconds since the epoch), the longest due first. */
  listDue(now: number): Promise<readonly string[]>;
}

/** How many recoveries somebody has asked for today. */
export interface RequestCounter {
  /** Counts one more request; false when there were `most` already. Throws what the store throws. */
  count(who: string, most: number): Promise<boolean>;
}

/** A user as IAM knows them. */
export interface IamUser {
  readonly userName: string;
  readonly userId: string;
  readonly userArn: string;
}

/** One IAM user, to be looked at. Every method throws a `Problem`; `user-not-found` among others. */
export interface UserDirectory extends Pick<UserDevices, 'listActive'> {
  getUser(): Promise<IamUser>;
}

/** Whether a recovery took a user's devices, so that they can enrol only with a pass. Throws what the store throws. */
export interface Guards {
  isGuarded(userId: string): Promise<boolean>;
}

/** Starts the execution of an approved recovery without waiting for it. */
export interface ExecutionStarter {
  start(recoveryId: string): Promise<void>;
}
