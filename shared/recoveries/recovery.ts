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

export interface Approval {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * The administrative deactivation of a user's devices, from the request to its end. Times are RFC 3339. Names of
 * persons are those of users, role sessions, or whom the ticketing system names; they are compared without case.
 */
export interface Recovery {
  readonly id: string;
  /** Counts the changes: each is written only if it is the next one. */
  readonly version: number;
  readonly state: RecoveryState;
  readonly ticket: Ticket;
  readonly reason: RecoveryReason;
  readonly evidence?: string | undefined;
  /** The subject, as IAM knew them at the request; compared before each step of the execution. */
  readonly userName: string;
  readonly userId: string;
  readonly userArn: string;
  /** All active devices of the subject at the request. */
  readonly devices: readonly DeviceSnapshot[];
  /** Serial numbers of those that are to go. */
  readonly targets: readonly string[];
  /** Hash of what was asked for, to tell a repetition from another request for the same ticket. */
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
  /** When the execution began to take devices; from then on a failure leaves guard and hold in place. */
  readonly removalBegunAt?: string | undefined;
  /** After a theft: sessions issued before this moment are revoked then, since STS learns of the removal late. */
  readonly revokeAfter?: string | undefined;
  /** Whether the policy that revokes sessions is in place, and until when it has to be. */
  readonly revokedUntil?: string | undefined;
  /** When something has to be done without anybody asking: expiring, executing, ending a revocation. */
  readonly dueAt?: string | undefined;
}
