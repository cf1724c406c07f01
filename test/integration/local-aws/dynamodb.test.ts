import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
