import type * as z from 'zod/mini';
import type { recoveryFailure, recoveryReason, recoveryState } from '../contract/recovery-schemas.ts';

export type RecoveryState = z.output<typeof recoveryState>;
export type RecoveryReason = z.output<typeof recoveryReason>;
export type RecoveryFailure = z.output<typeof recoveryFailure>;

export interface Ticket {
  readonly system: string;
  readonly id: string;
  readonly url?: string | undefined;
}

/** An active device at the time of the request. */
export interface DeviceSnapshot {
  readonly serialNumber: string;
  /** RFC 3339. */
  readonly enabledAt: string;
}

/** A device that a recovery removed, or found removed already. */
export interface RemovedDevice {
  readonly serialNumber: string;
  /** RFC 3339; undefined if IAM did not list the device. */
  readonly enabledAt?: string | undefined;
  /** Whether it was enabled after the request, so that those who approved did not see it. */
  readonly addedSinceRequest: boolean;
}

export interface Approval {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * The administrative removal of a user's MFA devices, from request to end. Times are RFC 3339. A person's name is that
 * of an IAM user or role session, or one that a ticketing system supplied; names are compared ignoring case.
 */
export interface Recovery {
  readonly id: string;
  /** Goes up by one with each write; a write succeeds only on the version before it. */
  readonly version: number;
  readonly state: RecoveryState;
  readonly ticket: Ticket;
  readonly reason: RecoveryReason;
  readonly evidence?: string | undefined;
  /** The subject as IAM knew them at the request; checked again before each step of the execution. */
  readonly userName: string;
  readonly userId: string;
  readonly userArn: string;
  /** All devices active for the subject at the request. */
  readonly devices: readonly DeviceSnapshot[];
  /** Serial numbers of the devices to remove; undefined for all. */
  readonly targets?: readonly string[] | undefined;
  /** Distinguishes a repeated request from a different one for the same ticket. */
  readonly requestHash: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly approvals: readonly Approval[];
  readonly approvalsNeeded: number;
  readonly objectedAt?: string | undefined;
  readonly closedBy?: string | undefined;
  readonly closedAt?: string | undefined;
  readonly expiresAt: string;
  readonly executedAt?: string | undefined;
  readonly failure?: RecoveryFailure | undefined;
  /** When the execution began to remove devices; from then on a failure leaves guard and hold in place. */
  readonly removalBegunAt?: string | undefined;
  /** Noted before they are removed. */
  readonly removedDevices?: readonly RemovedDevice[] | undefined;
  /** Sessions issued before this moment are revoked. A minute after the last removal, since STS lags. */
  readonly revokeAfter?: string | undefined;
  /** Until when the policy that revokes sessions has to stay in place; undefined if there is none. */
  readonly revokedUntil?: string | undefined;
  /** When the service has to act on its own: expire, execute, or end a revocation. */
  readonly dueAt?: string | undefined;
}
