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
import type { ChangeLease, LastEnabled } from '../mfa/ports.ts';
import { clientSettings } from './client.ts';
import { toProblem } from './errors.ts';

interface Scope {
  readonly caller: Caller;
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

let client: DynamoDBClient | undefined;

/**
 * The caller's lease: one item of the table, `pk` = `user#<UserId>`, changed by conditional writes alone. It ends
 * when its function would, so that a function which dies blocks its user no longer than it could have run.
 */
export function changeLease(scope: Scope): ChangeLease {
  return {
    run: async (change) => {
      const holder = randomUUID();
      const lastEnabled = await acquire(scope, holder);
      try {
        return await change({
          lastEnabled,
          recordEnabling: (serialNumber) => remember(scope, holder, { serialNumber, at: clock.now() }),
          forgetEnabling: () => remember(scope, holder, lastEnabled),
        });
      } finally {
        await release(scope, holder);
      }
    },
  };
}

async function acquire(scope: Scope, holder: string): Promise<LastEnabled | undefined> {
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
  const serialNumber = item?.['lastEnabledSerial']?.S;
  return serialNumber === undefined ? undefined : { serialNumber, at: Number(item?.['lastEnabledAt']?.N) };
}

/** Writes what was enabled last, provided that the lease is still held. */
async function remember(scope: Scope, holder: string, lastEnabled: LastEnabled | undefined): Promise<void> {
  const set = 'SET lastEnabledSerial = :serial, lastEnabledAt = :at';
  await update(scope, {
    UpdateExpression: lastEnabled ? set : 'REMOVE lastEnabledSerial, lastEnabledAt',
    ConditionExpression: 'holder = :holder AND heldUntil > :now',
    ExpressionAttributeValues: {
      ':holder': { S: holder },
      ':now': number(clock.now()),
      ...(lastEnabled && { ':serial': { S: lastEnabled.serialNumber }, ':at': number(lastEnabled.at) }),
    },
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

async function update(
  { caller, signal }: Pick<Scope, 'caller' | 'signal'>,
  change: Change,
): Promise<Record<string, AttributeValue> | undefined> {
  client ??= new DynamoDBClient(clientSettings);
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
