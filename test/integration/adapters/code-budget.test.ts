import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Faults } from '../../../local-aws/aws/faults.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local-aws/dynamodb.ts';
import type { CodeBudget } from '../../../shared/devices/ports.ts';
import { apiEnv } from '../../support/api-event.ts';
import { tableNamed } from '../../support/deployed.ts';
import { freshFunction } from '../../support/fresh-function.ts';

const serialNumber = 'arn:aws:iam::123456789012:mfa/self-service/alice/phone';
/** The start of a window. */
const start = 1_700_000_100_000;
const faults = new Faults();
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let dynamo: LocalDynamoDb;
let now = start;

beforeAll(async () => {
  dynamo = await startDynamoDb({ table: tableNamed(apiEnv.TABLE_NAME), region: 'us-east-1', faults });
});
afterAll(() => dynamo.close());
beforeEach(() => {
  now = start;
});
afterEach(async () => {
  faults.clear();
  vi.unstubAllEnvs();
  await dynamo.reset();
});

/** The budget as seen by one function with its own connections. */
async function startFunction(userId = 'AIDAALICE', url = dynamo.url): Promise<CodeBudget> {
  await freshFunction({ AWS_ENDPOINT_URL_DYNAMODB: url }, () => now);
  const { codeBudget } = await import('../../../shared/aws/table/code-budget.ts');
  return codeBudget({ caller: { userId }, signal: new AbortController().signal });
}

/** The budget's answer to a submission. */
const spend = (budget: CodeBudget, serial = serialNumber) => budget.spend(serial);

const items = async () => {
  const client = new DynamoDBClient({ endpoint: dynamo.url, region: 'us-east-1', credentials });
  return (await client.send(new ScanCommand({ TableName: apiEnv.TABLE_NAME }))).Items ?? [];
};

describe('the budget of a device', () => {
  it('allows exactly five of 20 simultaneous submissions from many functions', async () => {
    const functions: CodeBudget[] = [];
    for (let index = 0; index < 4; index++) functions.push(await startFunction());

    const spent = await Promise.allSettled(
      functions.flatMap((one) => Array.from({ length: 5 }, () => spend(one))),
    );

    const left = spent.flatMap((result) => (result.status === 'fulfilled' ? [result.value.left] : []));
    expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
    for (const result of spent) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'throttled', extras: { retryAfter: 180 } });
      }
    }
  });

  it('reports the windowâs remaining time and starts afresh with the next', async () => {
    const one = await startFunction();
    now = start + 179_500;
    expect(await spend(one)).toEqual({ left: 4, resetSeconds: 1 });
    now = start + 180_000;
    expect(await spend(one)).toEqual({ left: 4, resetSeconds: 180 });
    now = start + 300_500;
    expect(await spend(one)).toEqual({ left: 3, resetSeconds: 60 });
  });

  it('is shared by simultaneous callers and a clock that goes back', async () => {
    const one = await startFunction();
    for (let submission = 0; submission < 5; submission++) await spend(one);
    now = start + 180_000;
    await spend(one);
    now = start;
    await expect(spend(one)).rejects.toMatchObject({ code: 'throttled' });
  });

  it('reports nothing left once it is spent', async () => {
    const one = await startFunction();
    for (let submission = 0; submission < 5; submission++) await spend(one);
    now = start + 60_000;
    await expect(spend(one)).rejects.toMatchObject({
      code: 'throttled',
      extras: { retryAfter: 120, rateLimit: { left: 0, resetSeconds: 120 } },
    });
  });

  it('is separate for each device and each user', async () => {
    const one = await startFunction();
    const other = await startFunction('AIDABOB');
    for (let submission = 0; submission < 5; submission++) await spend(one);
    expect(await spend(one, 'GAHT00000001')).toMatchObject({ left: 4 });
    expect(await spend(other)).toMatchObject({ left: 4 });
  });

  it('is deleted some minutes after its window', async () => {
    await spend(await startFunction());
    const [item] = await items();
    expect(Number(item?.['ttl']?.N)).toBe(start / 1000 + 180 + 300);
    expect(item?.['pk']?.S).toMatch(/^codes#/);
  });
});

describe('without the table', () => {
  it.each(['InternalServerError', 'ResourceNotFoundException', 'connection-reset', 'malformed'])(
    'no codes are submitted (%s)',
    async (error) => {
      const one = await startFunction();
      faults.put({ operation: 'UpdateItem', error, times: 10 });
      await expect(spend(one)).rejects.toMatchObject({ code: 'upstream-failed', status: 502 });
    },
  );

  it('no codes are submitted when it is unreachable', async () => {
    const one = await startFunction('AIDAALICE', 'http://127.0.0.1:9');
    await expect(spend(one)).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});
