import { clock } from './clock.ts';
import type { AuditAction } from './contract/operation.ts';
import type { ProblemCode } from './contract/problem.ts';

/** Refusals that tell of somebody who tries what he may not, or guesses codes. */
const telling: ReadonlySet<ProblemCode> = new Set([
  'access-denied',
  'step-up-required',
  'first-device-only',
  'no-active-device',
  'last-device',
  'device-in-use',
  'invalid-authentication-code',
]);

/** `unchanged`: it was so already. `incomplete`: an error came after part of it, or all of it, may have been done. */
export type AuditResult = 'done' | 'unchanged' | 'refused' | 'incomplete';

/** How a change ended, or undefined for a failure that changed nothing and is of no interest. */
export function auditResult(
  code: ProblemCode | undefined,
  changes: ReadonlySet<string>,
): AuditResult | undefined {
  if (code === undefined) return changes.size > 0 ? 'done' : 'unchanged';
  if (changes.size > 0) return 'incomplete';
  return telling.has(code) ? 'refused' : undefined;
}

/** Who did, or tried, what to which device. No member may ever hold a seed, a code, a token or the value of a tag. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly result: AuditResult;
  readonly code?: ProblemCode | undefined;
  readonly userName?: string | undefined;
  readonly userArn?: string | null;
  readonly userId?: string | null;
  readonly accessKeyId?: string | null;
  readonly sourceIp?: string;
  readonly requestId: string;
  readonly serialNumber?: string | undefined;
  /** The device that the other one replaces. */
  readonly replaces?: string | undefined;
  /** UserId of the owner, where he is not who did it. */
  readonly ownerId?: string;
  readonly changes: readonly string[];
}

/** The members of an audit line. */
export const auditFields = (entry: AuditEntry): Readonly<Record<string, unknown>> => ({
  audit: true,
  time: new Date(clock.now()).toISOString(),
  ...entry,
});
