import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { AbstractLevel } from 'abstract-level';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Faults } from '../../../local-aws/aws/faults.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local-aws/dynamodb.ts';
import { tableNamed } from '../../support/deployed.ts';

const faults = new Faults();
const table = { TableName: 'items' };
const key = { pk: { S: 'one' } };
let dynamo: LocalDynamoDb;

beforeAll(async () => {
  dynamo = await startDynamoDb({ table: tableNamed(table.TableName), region: 'us-east-1', faults });
});
afterAll(() => dynamo.close());

const clientWith = (maxAttempts: number) =>
  new DynamoDBClient({
    endpoint: dynamo.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
  });

it('a write whose answer is lost is in the table', async () => {
  const client = clientWith(1);
  faults.put({ operation: 'PutItem', error: 'lost-answer', times: 1 });

  const sent = client.send(new PutItemCommand({ ...table, Item: { ...key, count: { N: '1' } } }));

  await expect(sent).rejects.toMatchObject({ code: 'ECONNRESET' });
  const { Item } = await client.send(new GetItemCommand({ ...table, Key: key, ConsistentRead: true }));
  expect(Item).toEqual({ ...key, count: { N: '1' } });
});

it('a write whose answer is lost is repeated by the SDK', async () => {
  faults.put({ operation: 'UpdateItem', error: 'lost-answer', times: 1 });
  const count = new UpdateItemCommand({
    ...table,
    Key: { pk: { S: 'counted' } },
    UpdateExpression: 'ADD written :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ReturnValues: 'ALL_NEW',
  });

  const { Attributes } = await clientWith(3).send(count);

  expect(Attributes?.['written']).toEqual({ N: '2' });
});

it.each(['memory', 'a folder'])('leaves nothing open after reading all items in %s', async (place) => {
  const path = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  const opened = vi.spyOn(AbstractLevel.prototype, 'attachResource');
  const closed = vi.spyOn(AbstractLevel.prototype, 'detachResource');
  const options = { table: tableNamed(table.TableName), region: 'us-east-1', faults };
  const other = await startDynamoDb({ ...options, ...(place !== 'memory' && { path }) });

  for (let time = 0; time < 5; time += 1) await other.items();

  expect(opened.mock.calls.length).toBeGreaterThanOrEqual(5);
  await expect.poll(() => closed.mock.calls.length).toBe(opened.mock.calls.length);
  await other.close();
  vi.restoreAllMocks();
  rmSync(path, { recursive: true });
});
