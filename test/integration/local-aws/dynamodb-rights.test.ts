import {
  BatchWriteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { functionRoleName } from '../../../infra/template/resource-names.ts';
import { deployment } from '../../../local-aws/deployment.ts';
import { startLocalStack } from '../../../local-aws/stack.ts';
import { tableName } from '../../support/deployed.ts';
import type { SigningKeys } from '../../support/sign.ts';
import { type TestStack, testStack, userKeys } from '../../support/stack.ts';

let stack: TestStack;
const clients: DynamoDBClient[] = [];

beforeAll(async () => {
  // What is tried here is no use that a function makes of its rights.
  stack = testStack(await startLocalStack());
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  return stack.reset();
});
afterAll(() => stack.close());

function clientOf(credentials: SigningKeys): DynamoDBClient {
  const client = new DynamoDBClient({
    endpoint: stack.dynamoUrl,
    region: deployment.region,
    credentials,
    maxAttempts: 1,
  });
  clients.push(client);
  return client;
}

/** The table with the credentials that a function has. */
const tableOf = (name: string) =>
  clientOf(
    stack.account.assumeRoleForService(functionRoleName(deployment.stage, name), name, {
      durationSeconds: 900,
    }),
  );

const TableName = tableName;
const item = (pk: string) => ({ TableName, Key: { pk: { S: pk } } });
const putting = (pk: string) => new PutItemCommand({ TableName, Item: { pk: { S: pk } } });
const querying = (IndexName: string, partition: string) =>
  new QueryCommand({
    TableName,
    IndexName,
    KeyConditionExpression: '#p = :p',
    ExpressionAttributeNames: { '#p': partition },
    ExpressionAttributeValues: { ':p': { S: 'x' } },
  });
const updating = (UpdateExpression: string) => new UpdateItemCommand({ ...item('user#1'), UpdateExpression });
const denied = { name: 'AccessDeniedException' };

describe('code that runs in a function', () => {
  it('cannot lift a guard with the rights of one that changes devices', async () => {
    const table = tableOf('deactivate-mfa-device');
    await expect(table.send(updating('REMOVE guard'))).rejects.toMatchObject(denied);
    await expect(table.send(putting('user#1'))).rejects.toMatchObject(denied);
    await expect(table.send(updating('REMOVE holder, heldUntil'))).resolves.toBeDefined();
  });

  it('cannot make a recovery with the rights of the one that issues passes', async () => {
    const table = tableOf('issue-enrolment-pass');
    await expect(table.send(putting('recovery#1'))).rejects.toMatchObject(denied);
    await expect(table.send(querying('bySubject', 'subjectId'))).rejects.toMatchObject(denied);
    await expect(table.send(new GetItemCommand(item('recovery#1')))).resolves.toBeDefined();
  });

  it('cannot give itself a pass with the rights of one that decides', async () => {
    const table = tableOf('deny-recovery');
    await expect(table.send(updating('REMOVE pass'))).rejects.toMatchObject(denied);
    await expect(table.send(putting('user#1'))).rejects.toMatchObject(denied);
  });

  it('sees whether there is a guard, and no pass, with the rights of one that takes requests', async () => {
    const table = tableOf('request-recovery');
    const seeing = (ProjectionExpression?: string) =>
      table.send(
        new GetItemCommand({ ...item('user#1'), ...(ProjectionExpression && { ProjectionExpression }) }),
      );
    await expect(seeing('guard')).resolves.toBeDefined();
    await expect(seeing('guard, pass')).rejects.toMatchObject(denied);
    await expect(seeing()).rejects.toMatchObject(denied);
  });

  it('finds recoveries only by the index that it uses', async () => {
    const table = tableOf('list-recoveries');
    await expect(table.send(querying('byState', 'state'))).resolves.toBeDefined();
    await expect(table.send(querying('bySubject', 'subjectId'))).rejects.toMatchObject(denied);
    await expect(table.send(querying('byDue', 'work'))).rejects.toMatchObject(denied);
    await expect(table.send(new ScanCommand({ TableName }))).rejects.toMatchObject(denied);
  });

  it('cannot write many items at once', async () => {
    const RequestItems = { [TableName]: [{ PutRequest: { Item: { pk: { S: 'recovery#1' } } } }] };
    const batch = new BatchWriteItemCommand({ RequestItems });
    await expect(tableOf('approve-recovery').send(batch)).rejects.toMatchObject(denied);
    await expect(clientOf(userKeys('admin')).send(batch)).resolves.toBeDefined();
  });
});

describe('a caller of DynamoDB', () => {
  it('is refused under an unknown key', async () => {
    const table = clientOf({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' });
    await expect(table.send(new ScanCommand({ TableName }))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('is refused with a wrong secret key', async () => {
    const table = clientOf({ ...userKeys('admin'), secretAccessKey: 'wrong' });
    await expect(table.send(new ScanCommand({ TableName }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });

  it('is told what they may not do', async () => {
    await expect(clientOf(userKeys('alice')).send(putting('user#1'))).rejects.toMatchObject({
      ...denied,
      message: expect.stringMatching(
        /^User: arn:aws:iam::123456789012:user\/alice is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table\//,
      ),
    });
  });
});
