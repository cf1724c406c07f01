import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../../contract/caller.ts';
import { isProblem, Problem } from '../../contract/problem.ts';
import { tableItems } from '../../contract/table.ts';
import type { ChangeLease, HeldLease, UserRecord } from '../../lease/ports.ts';
import { staleMillis } from '../../lease/staleness.ts';
import { clock } from '../../lib/clock.ts';
import { errorFields, log } from '../../lib/log.ts';
import { attributesOf, userRecordOf } from './lease-item.ts';
import { type Attributes, type Change, number, updateItem } from './table.ts';

interface Scope {
  readonly caller: Pick<Caller, 'userId'>;
  readonly signal: AbortSignal;
  /** Milliseconds until Lambda ends the function. */
  readonly remainingMillis: number;
  /** How long to wait for a lease that is taken; default is not at all. */
  readonly waitMillis?: number;
}

/** The longest lease: one that claims to end later was written before the clock was set back. */
const longestLeaseMillis = 60_000;
/** How far the clocks of two functions can differ. */
const clockSkewMillis = 2_000;
/** Milliseconds between two attempts to take a lease. */
const shortestPause = 100;
const longestPause = 400;

/**
 * The caller's lease: one item of the table, `pk` = `user#<UserId>`, changed only by conditional writes. It ends when
 * its function would, so a function that dies blocks its user no longer than it could have run.
 */
export function changeLease(scope: Scope): ChangeLease {
  return {
    run: async (change) => {
      const holder = randomUUID();
      const before = await acquireInTime(scope, holder);
      try {
        return await change(held(scope, holder, before));
      } finally {
        await release(scope, holder);
      }
    },
  };
}

/** What the table keeps about the caller. Read by an update: whoever takes leases needs no other right. */
export const userRecord = (scope: Pick<Scope, 'caller' | 'signal'>) => async (): Promise<UserRecord> => {
  const now = clock.now();
  const change = { UpdateExpression: 'REMOVE #ttl', ExpressionAttributeNames: { '#ttl': 'ttl' } };
  return recordAt(now, await update(scope, { ...change, ReturnValues: 'ALL_NEW' }));
};

function held(scope: Scope, holder: string, before: UserRecord): HeldLease {
  const now = { ...before };
  const others = (serialNumber: string) =>
    now.recent.filter((change) => change.serialNumber !== serialNumber);
  const write = async (next: Partial<UserRecord>) => {
    await keep(scope, holder, next);
    Object.assign(now, next);
  };
  return {
    get guard() {
      return now.guard;
    },
    get pass() {
      return now.pass;
    },
    get recoveryUnderWay() {
      return now.recoveryUnderWay;
    },
    get creations() {
      return now.creations;
    },
    get resyncs() {
      return now.resyncs;
    },
    write,
    putGuard: (guard) => write({ guard }),
    liftGuard: () => write({ guard: undefined, pass: undefined }),
    putPass: (pass) => write({ pass }),
    recent: before.recent,
    record: (serialNumber, active) =>
      write({ recent: [...others(serialNumber), { serialNumber, active, at: clock.now() }] }),
    forget: (serialNumber) => {
      const earlier = before.recent.filter((change) => change.serialNumber === serialNumber);
      return write({ recent: [...others(serialNumber), ...earlier] });
    },
  };
}

/** Tries again after pauses of different lengths, so that no one who takes the lease over and over is always faster. */
async function acquireInTime(scope: Scope, holder: string): Promise<UserRecord> {
  const { signal, remainingMillis, waitMillis = 0 } = scope;
  for (let waited = 0; ; ) {
    try {
      return await acquire({ ...scope, remainingMillis: remainingMillis - waited }, holder);
    } catch (error) {
      const pause = shortestPause + Math.random() * (longestPause - shortestPause);
      waited += pause;
      if (!isProblem(error, 'busy') || waited > waitMillis) throw error;
      await delay(pause, undefined, { signal }).catch(() => Promise.reject(error));
    }
  }
}

async function acquire(scope: Scope, holder: string): Promise<UserRecord> {
  const now = clock.now();
  const until = now + Math.min(scope.remainingMillis + clockSkewMillis, longestLeaseMillis);
  const item = await update(scope, {
    // The item may hold a guard, so it must not expire. Items of earlier versions had a time to live.
    UpdateExpression: 'SET holder = :holder, heldUntil = :until REMOVE #ttl',
    ConditionExpression:
      'attribute_not_exists(holder) OR holder = :holder OR heldUntil < :now OR heldUntil > :impossible',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':holder': { S: holder },
      ':until': number(until),
      ':now': number(now),
      ':impossible': number(now + longestLeaseMillis + clockSkewMillis),
    },
    ReturnValues: 'ALL_NEW',
  });
  return recordAt(now, item);
}

function recordAt(now: number, item: Attributes): UserRecord {
  const { recent, ...rest } = userRecordOf(item);
  // Includes changes dated slightly in the future, by a clock that was set back since.
  return { ...rest, recent: recent.filter(({ at }) => Math.abs(now - at) < staleMillis) };
}

/** Writes the given attributes, and removes those that are undefined, if the lease is still held. */
async function keep(scope: Scope, holder: string, next: Partial<UserRecord>): Promise<void> {
  const { set, remove, names, values } = attributesOf(next);
  const clauses = [
    ...(set.length > 0 ? [`SET ${set.join(', ')}`] : []),
    ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
  ];
  await update(scope, {
    UpdateExpression: clauses.join(' '),
    ConditionExpression: 'holder = :holder AND heldUntil > :now',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ...values, ':holder': { S: holder }, ':now': number(clock.now()) },
  });
}

/** A failure here must not fail the change: the lease ends on its own anyway. */
async function release({ caller }: Scope, holder: string): Promise<void> {
  const signal = AbortSignal.timeout(1_000);
  try {
    await update(
      { caller, signal },
      {
        UpdateExpression: 'REMOVE holder, heldUntil',
        ConditionExpression: 'holder = :holder',
        ExpressionAttributeValues: { ':holder': { S: holder } },
      },
    );
  } catch (error) {
    log.warn('lease not released', errorFields(error));
  }
}

const update = ({ caller, signal }: Pick<Scope, 'caller' | 'signal'>, change: Change): Promise<Attributes> =>
  updateItem(`${tableItems.user}${caller.userId}`, change, signal, busy);

const busy = (cause: unknown): Problem =>
  new Problem(
    'busy',
    'Another change to your devices is in progress. Try again shortly.',
    { retryAfter: 2 },
    { cause },
  );
