import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Caller } from '../caller.ts';
import { clock } from '../clock.ts';
import { Problem } from '../contract/problem.ts';
import { env } from '../env.ts';
import { errorFields, log } from '../log.ts';
import type { ChangeLease, HeldLease, RecentChange } from '../mfa/ports.ts';
import { clientSettings } from './client.ts';
import { toProblem } from './errors.ts';
import { observedClient } from './observe.ts';

interface Scope {
  readonly caller: Pick<Caller, 'userId'>;
  readonly signal: AbortSignal;
  /** Milliseconds until the function is ended, and can change nothing more. */
  readonly remainingMillis: number;
}

type Change = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** No lease is given for longer: one that claims to end later was written by a clock that has since gone back. */
const longestLeaseMillis = 60_000;
/** How far the clocks of two functions may differ. */
const clockSkewMillis = 2_000;
/** Seconds that an item outlives its lease. */
const keptSeconds = 86_400;

/** Milliseconds for which IAM's lists may not show a change; IAM itself names no limit. */
const staleMillis = 300_000;

let client: DynamoDBClient | undefined;

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

function held(scope: Scope, holder: string, before: readonly RecentChange[]): HeldLease {
  let recent = before;
  const others = (serialNumber: string) => recent.filter((change) => change.serialNumber !== serialNumber);
  const write = async (changes: readonly RecentChange[]) => {
    await remember(scope, holder, changes);
    recent = changes;
  };
  return {
    recent: before,
    record: (serialNumber, active) =>
      write([...others(serialNumber), { serialNumber, active, at: clock.now() }]),
    forget: (serialNumber) =>
      write([...others(serialNumber), ...before.filter((change) => change.serialNumber === serialNumber)]),
  };
}

async function acquire(scope: Scope, holder: string): Promise<readonly RecentChange[]> {
  const now = clock.now();
  const until = now + Math.min(scope.remainingMillis + clockSkewMillis, longestLeaseMillis);
  const item = await update(scope, {
    UpdateExpression: 'SET holder = :holder, heldUntil = :until, #ttl = :ttl',
    ConditionExpression:
      'attribute_not_exists(holder) OR holder = :holder OR heldUntil < :now OR heldUntil > :impossible',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':holder': { S: holder },
      ':until': number(until),
      ':ttl': number(Math.ceil(until / 1000) + keptSeconds),
      ':now': number(now),
      ':impossible': number(now + longestLeaseMillis + clockSkewMillis),
    },
    ReturnValues: 'ALL_NEW',
  });
  // Also what a clock that has since gone back dated a little into the future.
  return changesOf(item).filter(({ at }) => Math.abs(now - at) < staleMillis);
}

/** Writes what was changed lately, provided that the lease is still held. */
async function remember(scope: Scope, holder: string, recent: readonly RecentChange[]): Promise<void> {
  await update(scope, {
    UpdateExpression: 'SET recent = :recent',
    ConditionExpression: 'holder = :holder AND heldUntil > :now',
    ExpressionAttributeValues: {
      ':holder': { S: holder },
      ':now': number(clock.now()),
      ':recent': { L: recent.map(toAttribute) },
    },
  });
}

const toAttribute = ({ serialNumber, active, at }: RecentChange): AttributeValue => ({
  M: { serialNumber: { S: serialNumber }, active: { BOOL: active }, at: number(at) },
});

function changesOf(item: Record<string, AttributeValue> | undefined): RecentChange[] {
  return (item?.['recent']?.L ?? []).flatMap(({ M: { serialNumber, active, at } = {} }) =>
    serialNumber?.S === undefined || active?.BOOL === undefined || at?.N === undefined
      ? []
      : [{ serialNumber: serialNumber.S, active: active.BOOL, at: Number(at.N) }],
  );
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

async function update(
  { caller, signal }: Pick<Scope, 'caller' | 'signal'>,
  change: Change,
): Promise<Record<string, AttributeValue> | undefined> {
  client ??= observedClient(new DynamoDBClient(clientSettings));
  const key = { TableName: env().TABLE_NAME, Key: { pk: { S: `user#${caller.userId}` } } };
  try {
    const { Attributes } = await client.send(new UpdateItemCommand({ ...key, ...change }), {
      abortSignal: signal,
    });
    return Attributes;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw busy(error);
    throw toProblem(error);
  }
}

const busy = (cause: Error): Problem =>
  new Problem(
    'busy',
    'Another change of your devices is under way. Try again shortly.',
    { retryAfter: 2 },
    { cause },
  );

const number = (value: number): AttributeValue => ({ N: String(value) });
