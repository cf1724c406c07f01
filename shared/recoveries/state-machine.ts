import { Problem } from '../contract/problem.ts';
import { samePerson } from './person-name.ts';
import type { Recovery, RecoveryState } from './recovery.ts';

/** Who decides, and when (milliseconds since the epoch). */
export interface Decision {
  readonly by: string;
  readonly now: number;
}

/**
 * The rules of who may do what to a recovery in which state. Each function answers the next version, or the recovery
 * itself where it is so already. They throw `separation-of-duties` or `recovery-closed`.
 */

/** One more person is for it; with the last approval that it needs it is due to be executed. */
export function approve(recovery: Recovery, { by, now }: Decision): Recovery {
  assertNeitherRequesterNorSubject(recovery, by);
  const state = stateAt(recovery, now);
  const approvedBefore = recovery.approvals.some((approval) => samePerson(approval.by, by));
  if (approvedBefore && !isEnded(state)) return recovery;
  assertState(state, 'requested', 'objected');
  const approvals = [...recovery.approvals, { by, at: timeOf(now) }];
  if (approvals.length < recovery.approvalsNeeded) return nextVersion(recovery, { approvals });
  return nextVersion(recovery, { approvals, state: 'approved', dueAt: timeOf(now) });
}

/** Ends it before anything was done. */
export function deny(recovery: Recovery, { by, now }: Decision): Recovery {
  assertNeitherRequesterNorSubject(recovery, by);
  return close(recovery, 'denied', { by, now });
}

/** The same without a judgement, so that also who asked for it may. */
export function cancel(recovery: Recovery, { by, now }: Decision): Recovery {
  assertNotSubject(recovery, by);
  return close(recovery, 'cancelled', { by, now });
}

/**
 * The subject is against it: it takes one more approval. It does not end, since nobody can tell here whether he who
 * objects is the subject or has stolen his keys.
 */
export function objectTo(recovery: Recovery, now: number): Recovery {
  if (recovery.objectedAt !== undefined) return recovery;
  assertState(stateAt(recovery, now), 'requested', 'approved');
  return nextVersion(recovery, {
    state: 'objected',
    objectedAt: timeOf(now),
    approvalsNeeded: recovery.approvalsNeeded + 1,
    dueAt: recovery.expiresAt,
  });
}

/** The state that it is in, whether or not its expiry has been written down. */
export function stateAt({ state, expiresAt }: Recovery, now: number): RecoveryState {
  const waits = state === 'requested' || state === 'objected';
  return waits && Date.parse(expiresAt) <= now ? 'expired' : state;
}

/** The recovery after a change. */
export const nextVersion = (recovery: Recovery, change: Partial<Recovery>): Recovery => ({
  ...recovery,
  ...change,
  version: recovery.version + 1,
});

/** Throws `separation-of-duties` for the two who have an interest in it. */
export function assertNeitherRequesterNorSubject(recovery: Recovery, by: string): void {
  assertNotSubject(recovery, by);
  if (samePerson(recovery.requestedBy, by))
    throw separationOfDuties('You asked for this recovery, so somebody else has to decide on it.');
}

function assertNotSubject(recovery: Recovery, by: string): void {
  if (samePerson(recovery.userName, by))
    throw separationOfDuties('This recovery is about your own devices, so others have to decide on it.');
}

function close(recovery: Recovery, state: 'denied' | 'cancelled', { by, now }: Decision): Recovery {
  const current = stateAt(recovery, now);
  if (current === state) return recovery;
  assertState(current, 'requested', 'objected', 'approved');
  return nextVersion(recovery, { state, closedBy: by, closedAt: timeOf(now), dueAt: undefined });
}

function assertState(state: RecoveryState, ...allowed: readonly RecoveryState[]): void {
  if (!allowed.includes(state))
    throw recoveryClosed(`The recovery is ${state}, which this cannot change any more.`);
}

const ended: ReadonlySet<RecoveryState> = new Set(['denied', 'cancelled', 'expired', 'failed']);

/** Whether it came to nothing. */
const isEnded = (state: RecoveryState): boolean => ended.has(state);

const timeOf = (now: number): string => new Date(now).toISOString();

export const separationOfDuties = (detail: string): Problem => new Problem('separation-of-duties', detail);

export const recoveryClosed = (detail: string): Problem => new Problem('recovery-closed', detail);
