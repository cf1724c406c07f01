import type { AuditAction } from '../contract/operation.ts';
import type { ProblemCode } from '../contract/problem.ts';
import { clock } from '../lib/clock.ts';
import type { AuditedRecovery } from '../lib/invocation.ts';

/** Most devices on a line: more than any recovery should ever take, and few enough for a log line. */
export const mostDevices = 64;

/** Refusals that suggest overreach, or guessing of codes or passes. */
const auditedRefusals: ReadonlySet<ProblemCode> = new Set([
  'access-denied',
  'step-up-required',
  'first-device-only',
  'no-active-device',
  'last-device',
  'device-in-use',
  'recently-resynchronised',
  'invalid-authentication-code',
  'enrolment-pass-required',
  'enrolment-pass-invalid',
  'separation-of-duties',
  'webhook-refused',
  'recovery-limit',
]);

/** `unchanged`: there was nothing to do. `incomplete`: an error came after some or all of it may have been done. */
export type AuditResult = 'done' | 'unchanged' | 'refused' | 'incomplete';

/** How a change ended; undefined for a failure that changed nothing and needs no audit. */
export function auditResult(
  code: ProblemCode | undefined,
  changes: ReadonlySet<string>,
): AuditResult | undefined {
  if (code === undefined) return changes.size > 0 ? 'done' : 'unchanged';
  if (changes.size > 0) return 'incomplete';
  return auditedRefusals.has(code) ? 'refused' : undefined;
}

/**
 * Who did what, or tried to, with which device or recovery. No member may ever hold a seed, a code, a pass, a token,
 * the value of a tag, or evidence.
 */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly result: AuditResult;
  readonly code?: ProblemCode | undefined;
  /** A user, a role session, or for a webhook the person its ticket names. Undefined for the service itself. */
  readonly userName?: string | undefined;
  readonly userArn?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly accessKeyId?: string | null | undefined;
  readonly sourceIp?: string | undefined;
  /** The ticketing system that sent the webhook. */
  readonly system?: string | undefined;
  readonly requestId: string;
  readonly serialNumber?: string | undefined;
  /** The device that the new one replaces. */
  readonly replaces?: string | undefined;
  /** UserId of the owner, if someone else or the service made the change. */
  readonly ownerId?: string | undefined;
  /** The recovery concerned, with its subject. */
  readonly recovery?: AuditedRecovery | undefined;
  /** The devices that the execution of a recovery removed. */
  readonly serialNumbers?: readonly string[] | undefined;
  readonly changes: readonly string[];
}

/** The members of an audit line. shared/events/audit-line.ts reads them to make events. */
export const auditFields = (entry: AuditEntry): Readonly<Record<string, unknown>> => ({
  audit: true,
  time: new Date(clock.now()).toISOString(),
  ...entry,
  ...(entry.recovery !== undefined && { recovery: recoveryFields(entry.recovery) }),
});

/** Picks members one by one, since the observed recovery may have more, even evidence. */
const recoveryFields = ({
  id,
  state,
  ticket,
  reason,
  userName,
  userId,
  requestedBy,
  failure,
  removedDevices,
}: AuditedRecovery) => ({
  id,
  state,
  ticket: ticket && { system: ticket.system, id: ticket.id },
  reason,
  userName,
  userId,
  requestedBy,
  failure,
  removedDevices: removedDevices
    ?.slice(0, mostDevices)
    .map(({ serialNumber, addedSinceRequest }) => ({ serialNumber, addedSinceRequest })),
});
