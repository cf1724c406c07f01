import type { UserDevices } from '../devices/ports.ts';
import type { Recovery, RecoveryState } from './recovery.ts';

/** Requests one part of a list. `after` is the `last` of the part before. */
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
 * Recoveries in the table. Reads of one are consistent; lists may lag a moment. Every method throws a `Problem`:
 * `throttled`, `upstream-failed` or `timeout`.
 */
export interface RecoveryStore {
  get(id: string): Promise<Recovery | undefined>;
  /** False if a recovery with this id exists; then nothing is written. */
  create(recovery: Recovery): Promise<boolean>;
  /** Writes the next version. False if another writer was faster; then nothing is written. */
  replace(next: Recovery): Promise<boolean>;
  /** Latest request first. */
  listByState(state: RecoveryState, request: ListRequest): Promise<RecoveryList>;
  /** Latest request first. */
  listBySubject(userId: string, request: ListRequest): Promise<RecoveryList>;
  /** Ids of recoveries due at `now` (milliseconds since the epoch), longest overdue first. */
  listDue(now: number): Promise<readonly string[]>;
}

/** Counts the recoveries that a person or system has requested today. */
export interface RequestCounter {
  /** Counts one more request; false if there have been `most` already. Throws whatever the store throws. */
  count(who: string, most: number): Promise<boolean>;
}

/** A user as IAM knows them. */
export interface IamUser {
  readonly userName: string;
  readonly userId: string;
  readonly userArn: string;
}

/** Read access to one IAM user. Every method throws a `Problem`, among them `user-not-found`. */
export interface UserDirectory extends Pick<UserDevices, 'listActive'> {
  getUser(): Promise<IamUser>;
}

/** Whether a recovery left a user able to enrol only with a pass. Throws whatever the store throws. */
export interface Guards {
  isGuarded(userId: string): Promise<boolean>;
}

/** Starts the execution of an approved recovery without waiting for it. */
export interface ExecutionStarter {
  start(recoveryId: string): Promise<void>;
}
