import { randomUUID } from 'node:crypto';
import type { Caller } from '../../contract/caller.ts';
import { Problem } from '../../contract/problem.ts';
import { tableItems } from '../../contract/table.ts';
import type { ChangeLease, HeldLease } from '../../lease/ports.ts';
import { clock } from '../../lib/clock.ts';
import { errorFields, log } from '../../lib/log.ts';
import { attributesOf, type LeaseRecord, leaseRecordOf } from './lease-item.ts';
import { type Attributes, type Change, number, updateItem } from './table.ts';

interface Scope {
  readonly caller: Pick<Caller, 'userId'>;
  readonly signal: AbortSignal;
  /** Milliseconds until the function is ended, and can change nothing more. */
  readonly remainingMillis: number;
}

/** No lease is given for longer: one that claims to end later was written by a clock that has since gone back. */
const longestLeaseMillis = 60_000;
/** How far the clocks of two functions may differ. */
const clockSkewMillis = 2_000;
/** Milliseconds for which IAM's lists may not show a change; IAM itself names no limit. */
const staleMillis = 300_000;

/**
 * The caller's lease: one item of the table, `pk` = `user#<UserId>`, changed by conditional writes alone. It ends
 * when its function would, so that a function which dies blocks its user no longer than it could have run.
 */
export function changeLease(scope: Scope): ChangeLease {
  return {
    run: async (change) => {
      const holder = randomUUID();
      const before = await acquire(scope, holder);
      try {
        return await change(held(scope, holder, before));
      } finally {
        await release(scope, holder);
      }
    },
  };
}

function held(scope: Scope, holder: string, before: LeaseRecord): HeldLease {
  const now = { ...before };
  const others = (serialNumber: string) =>
    now.recent.filter((change) => change.serialNumber !== serialNumber);
  const write = async (next: Partial<LeaseRecord>) => {
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

async function acquire(scope: Scope, holder: string): Promise<LeaseRecord> {
  const now = clock.now();
  const until = now + Math.min(scope.remainingMillis + clockSkewMillis, longestLeaseMillis);
  const item = await update(scope, {
    // Never to expire: the item may hold a guard. Items of earlier versions had a time to live.
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
  const { recent, ...rest } = leaseRecordOf(item);
  // Also what a clock that has since gone back dated a little into the future.
  return { ...rest, recent: recent.filter(({ at }) => Math.abs(now - at) < staleMillis) };
}

/** Writes the given attributes, or takes away those that are undefined, provided that the lease is still held. */
async function keep(scope: Scope, holder: string, next: Partial<LeaseRecord>): Promise<void> {
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

/** A lease that cannot be given back ends by itself, so the change it protected does not fail for that. */
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
    'Another change of your devices is under way. Try again shortly.',
    { retryAfter: 2 },
    { cause },
  );
