import { isProblem } from '../../contract/problem.ts';
import { clock } from '../../lib/clock.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { type Mending, type MendTime, mendGuard, mendHold } from './mend.ts';
import { withOwnInvocation } from './process-recovery.ts';
import type { ReconcilePorts } from './reconcile-ports.ts';

/** `busy`: a change of the user's is under way. */
export interface Mended {
  readonly userId: string;
  readonly end: Mending | 'busy' | 'error';
  readonly error?: unknown;
}

export interface ReconcileOptions {
  /** Milliseconds of real time until Lambda ends the function. */
  readonly millisLeft: () => number;
  /** Called with each end while the invocation still shows what was changed. */
  readonly onEnd: (mended: Mended) => void;
}

/** Time for one user, and the longest that their lease is held. */
const userMillis = 10_000;
const reserveMillis = 2_000;
/** Users per run. It begins at a random one, so that none is starved. */
const mostUsers = 20;

type Mend = (ports: ReconcilePorts, time: MendTime) => Promise<Mending>;

/**
 * Compares the users who have the hold with those who have a guard, and mends what does not match, one user after the
 * other. Throws a `Problem` only if one of them cannot be listed.
 */
export async function reconcile(
  ports: ReconcilePorts,
  { millisLeft, onEnd }: ReconcileOptions,
): Promise<readonly Mended[]> {
  const hasTime = () => millisLeft() > userMillis + reserveMillis;
  const all: Mended[] = [];
  if (!hasTime()) return all;
  for (const { userId, mend } of someOf(await mismatches(ports))) {
    if (!hasTime()) break;
    await withOwnInvocation(async () => {
      const mended = { userId, ...(await attempt(mend, ports)) };
      onEnd(mended);
      all.push(mended);
    });
  }
  return all;
}

async function mismatches(
  ports: ReconcilePorts,
): Promise<readonly { readonly userId: string; readonly mend: Mend }[]> {
  const [held, guards] = await Promise.all([ports.listHeld(), ports.listGuards()]);
  const heldIds = new Set(held.map(({ userId }) => userId));
  const guardedIds = new Set(guards.map(({ userId }) => userId));
  return [
    ...held
      .filter(({ userId }) => !guardedIds.has(userId))
      .map((user) => ({ userId: user.userId, mend: mendHold.bind(undefined, user) })),
    ...guards
      .filter(({ userId, checkAfter }) => !heldIds.has(userId) && checkAfter <= clock.now())
      .map((guard) => ({ userId: guard.userId, mend: mendGuard.bind(undefined, guard) })),
  ];
}

function someOf<T>(all: readonly T[]): readonly T[] {
  const start = Math.floor(Math.random() * all.length);
  return [...all.slice(start), ...all.slice(0, start)].slice(0, mostUsers);
}

async function attempt(mend: Mend, ports: ReconcilePorts): Promise<Omit<Mended, 'userId'>> {
  try {
    return { end: await mend(ports, { millis: userMillis, signal: AbortSignal.timeout(userMillis) }) };
  } catch (error) {
    const undone = currentInvocation().changes.size === 0;
    return { end: undone && isProblem(error, 'busy') ? 'busy' : 'error', error };
  }
}
