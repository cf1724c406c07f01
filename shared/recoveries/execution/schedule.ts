import type { Recovery } from '../recovery.ts';
import { nextVersion, permits } from '../state-machine.ts';
import { rfc3339 } from '../time.ts';

const shortestPostponement = 30_000;
const longestPostponement = 900_000;

/** What the service does to a recovery on its own. */
export type Task = 'execute' | 'expire' | 'end-revocation';

/** What is due at `now` (milliseconds since the epoch), if anything. */
export function taskOf(recovery: Recovery, now: number): Task | undefined {
  if (permits(recovery, 'BeginExecution', {}, now)) return 'execute';
  if (permits(recovery, 'ExpireRecovery', {}, now)) return 'expire';
  return permits(recovery, 'EndRevocation', {}, now) ? 'end-revocation' : undefined;
}

/** Due again soon: another change of the user's devices is under way. */
export const postponedShortly = (recovery: Recovery, now: number): Recovery =>
  nextVersion(recovery, { dueAt: rfc3339(now + shortestPostponement) });

/** Due again after as long as it has been due so far, so the waits double. */
export function postponed(recovery: Recovery, now: number): Recovery {
  const tried = now - Date.parse(dueSince(recovery));
  const wait = Math.min(Math.max(tried, shortestPostponement), longestPostponement);
  return nextVersion(recovery, { dueAt: rfc3339(now + wait) });
}

/** When the task first became due. */
const dueSince = ({ state, approvals, revokeAfter, revokedUntil, expiresAt }: Recovery): string =>
  (state === 'executed' ? revokedUntil : (revokeAfter ?? approvals.at(-1)?.at)) ?? expiresAt;
