import type { Recovery, RecoveryFailure } from '../recovery.ts';
import { nextVersion, stateAt } from '../state-machine.ts';

/** Milliseconds from the removal of a stolen device until STS has surely learnt of it; it takes about 14 s. */
const settleMillis = 60_000;
/** The longest session that STS gives a user. Source: STS API reference, GetSessionToken. */
const longestSessionMillis = 129_600_000;
const shortestPostponement = 30_000;
const longestPostponement = 900_000;

/** What somebody, or only time, has to do about a recovery. */
export type Task = 'execute' | 'expire' | 'end-revocation';

/** What there is to be done about a recovery at a time, without anybody asking. */
export function taskOf(recovery: Recovery, now: number): Task | undefined {
  const { state, revokedUntil } = recovery;
  if (isExecutable(recovery)) return 'execute';
  if (state !== 'expired' && stateAt(recovery, now) === 'expired') return 'expire';
  return state === 'executed' && hasCome(revokedUntil, now) ? 'end-revocation' : undefined;
}

/** Whether its execution may begin, or go on. */
export const isExecutable = ({ state }: Recovery): boolean => state === 'approved' || state === 'executing';

/** From here on it cannot be objected to or denied. */
export const begun = (recovery: Recovery): Recovery => nextVersion(recovery, { state: 'executing' });

/** Written before the first device is taken: from here on nothing is undone. */
export const removalBegun = (recovery: Recovery, now: number): Recovery =>
  nextVersion(recovery, { removalBegunAt: rfc3339(now) });

/** The devices are gone; sessions issued before can be told from later ones after a while. */
export function revocationAwaited(recovery: Recovery, now: number): Recovery {
  const revokeAfter = recovery.revokeAfter ?? rfc3339(now + settleMillis);
  return nextVersion(recovery, { revokeAfter, dueAt: revokeAfter });
}

/** Sessions of a stolen device are revoked until none that was issued before can be alive. */
export function executed(recovery: Recovery, now: number): Recovery {
  const change = { state: 'executed', executedAt: rfc3339(now), dueAt: undefined } as const;
  if (recovery.revokeAfter === undefined) return nextVersion(recovery, change);
  const revokedUntil = rfc3339(now + longestSessionMillis);
  return nextVersion(recovery, { ...change, revokedUntil, dueAt: revokedUntil });
}

export const failed = (recovery: Recovery, failure: RecoveryFailure): Recovery =>
  nextVersion(recovery, { state: 'failed', failure, dueAt: undefined });

export const expired = (recovery: Recovery): Recovery =>
  nextVersion(recovery, { state: 'expired', dueAt: undefined });

export const revocationEnded = (recovery: Recovery): Recovery =>
  nextVersion(recovery, { revokedUntil: undefined, dueAt: undefined });

/** To be tried again soon: somebody else is changing the user's devices. */
export const postponedShortly = (recovery: Recovery, now: number): Recovery =>
  nextVersion(recovery, { dueAt: rfc3339(now + shortestPostponement) });

/** To be tried again after as long as it has been tried already, so that the waits double. */
export function postponed(recovery: Recovery, now: number): Recovery {
  const tried = now - Date.parse(dueSince(recovery));
  const wait = Math.min(Math.max(tried, shortestPostponement), longestPostponement);
  return nextVersion(recovery, { dueAt: rfc3339(now + wait) });
}

/** Since when what is to be done could have been done. */
const dueSince = ({ state, approvals, revokeAfter, revokedUntil, expiresAt }: Recovery): string =>
  (state === 'executed' ? revokedUntil : (revokeAfter ?? approvals.at(-1)?.at)) ?? expiresAt;

const hasCome = (time: string | undefined, now: number): boolean =>
  time !== undefined && Date.parse(time) <= now;

const rfc3339 = (millis: number): string => new Date(millis).toISOString();
