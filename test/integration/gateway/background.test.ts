import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import dynalite from 'dynalite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployment, localFunctionName } from '../../../local-aws/deployment.ts';
import { close, listen } from '../../../local-aws/servers.ts';
import { tableIndexes } from '../../../shared/contract/table.ts';
import { tableName } from '../../support/deployed.ts';
import { rawFetch } from '../../support/http.ts';
import { startTestStack, type TestStack, userKeys, userSession } from '../../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterEach(() => stack.reset());
afterAll(() => stack.close());

const { region } = deployment;

const createDevice = () => stack.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });

const bobsSession = () => userSession(stack, 'bob', { mfaAt: stack.clock.now() });
const bobsPhone = '/v1/mfa-devices/phone';
const newPhone = () => stack.fetch(bobsSession(), 'POST', '/v1/mfa-devices', { name: 'new' });

const detailTypes = () => stack.services.bus.events.map((event) => event['detail-type']);

describe('a change through the API', () => {
  it('becomes an event that reaches its targets before the stack settles', async () => {
    await createDevice();
    await stack.settled();
    expect(detailTypes()).toEqual(['MFA Device Enrolment Started']);
    expect(stack.services.bus.notifications.map(({ topic }) => topic)).toEqual(['operators']);
    expect(stack.lambda.deadLetters).toEqual([]);
  });

  it('survives a temporarily unreachable EventBridge', async () => {
    stack.faults.put({ operation: 'PutEvents', error: 'connection-reset', times: 3 });
    expect((await createDevice()).status).toBe(201);
    await stack.settled();
    expect(detailTypes()).toEqual(['MFA Device Enrolment Started']);
  });

  it('that cannot become an event ends up in the dead letters', async () => {
    stack.faults.put({ operation: 'PutEvents', error: 'InternalException', times: 1000 });
    expect((await createDevice()).status).toBe(201);
    await stack.settled();
    expect(detailTypes()).toEqual([]);
    expect(stack.lambda.deadLetters).toMatchObject([
      { functionName: localFunctionName('publish-events'), attempts: 3 },
    ]);
  });

  it('that is refused emits no event', async () => {
    const last = await stack.fetch(bobsSession(), 'DELETE', bobsPhone);
    await stack.settled();
    expect(last.status).toBe(409);
    expect(detailTypes()).toEqual([]);
  });

  it('is shown at /_local/events', async () => {
    await createDevice();
    await stack.settled();
    const answer = await rawFetch(stack.awsUrl, 'GET', '/_local/events');
    expect(answer.json()).toEqual(JSON.parse(JSON.stringify(stack.services.recordedEvents())));
    expect(Object.keys(answer.json())).toEqual([
      'events',
      'mails',
      'notifications',
      'deliveries',
      'deadLetters',
    ]);
  });
});

describe('a reset', () => {
  it('forgets everything that happened or is still under way', async () => {
    await createDevice();
    await stack.settled();
    stack.services.secrets.put('mfa-self-service/local/ticketing/jira', 'rotated');
    await stack.fetch(bobsSession(), 'POST', '/v1/mfa-devices', { name: 'new' });
    await stack.reset();
    await stack.settled();
    const nothing = { events: [], mails: [], notifications: [], deliveries: [], deadLetters: [] };
    expect(stack.services.recordedEvents()).toEqual(nothing);
    const secret = stack.services.secrets.get('mfa-self-service/local/ticketing/jira');
    expect(secret.stages.get('AWSCURRENT')?.value).toBe('local-ticketing-secret');
  });
});

describe('secrets of ticketing systems', () => {
  it.each([
    ['jira', 'local-ticketing-secret'],
    ['zendesk', 'local-ticketing-secret'],
    ['standard', 'whsec_bG9jYWwtdGlja2V0aW5nLXNlY3JldA=='],
  ])('are seeded: %s', async (system, value) => {
    const client = new SecretsManagerClient({
      endpoint: stack.awsUrl,
      region,
      credentials: userKeys('admin'),
    });
    const SecretId = `mfa-self-service/local/ticketing/${system}`;
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
    client.destroy();
    expect(SecretString).toBe(value);
  });
});

describe('the scheduled functions', () => {
  it.each(['execute-recoveries', 'delete-expired-devices'])(
    'run on request through the control API: %s',
    async (name) => {
      const answer = await rawFetch(
        stack.awsUrl,
        'POST',
        '/_local/run',
        {},
        JSON.stringify({ function: name }),
      );
      expect([answer.status, answer.json()]).toEqual([200, {}]);
    },
  );

  it('run through Lambda’s Invoke too, for permitted callers only', async () => {
    const client = (user: string) =>
      new LambdaClient({ endpoint: stack.awsUrl, region, credentials: userKeys(user), maxAttempts: 1 });
    const FunctionName = localFunctionName('execute-recoveries');
    const command = () => new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{}' });
    await expect(client('bob').send(command())).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await client('admin').send(command())).StatusCode).toBe(202);
    await stack.settled();
    expect(stack.logText()).toContain('"operation":"execute-recoveries"');
  });
});

describe('sessions issued before a cut-off', () => {
  it('are refused at the gateway when a policy of the user denies them', async () => {
    const { account, clock } = stack;
    const earlier = bobsSession();
    clock.advance(10);
    const bob = account.users.get('bob');
    const Condition = { DateLessThan: { 'aws:TokenIssueTime': new Date(clock.now()).toISOString() } };
    const statement = { Effect: 'Deny', Action: '*', Resource: '*', Condition };
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    bob.inlinePolicies = [{ name: 'revoke', document }];
    account.policiesChanged();
    clock.advance(10);
    expect((await stack.fetch(earlier, 'GET', '/v1/mfa-devices')).status).toBe(403);
    expect((await newPhone()).status).toBe(201);
  });
});

describe('a table from an older version', () => {
  let dataDir: string;
  afterEach(() => rm(dataDir, { recursive: true }));

  it('gets the indexes for finding recoveries', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'mfa-self-service-'));
    await createOldTable(join(dataDir, 'dynamodb'));
    const newer = await startTestStack({ dataDir });
    const client = clientOf(newer.dynamoUrl);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
    client.destroy();
    await newer.close();
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort()).toEqual(
      Object.keys(tableIndexes).sort(),
    );
  });
});

const clientOf = (endpoint: string) =>
  new DynamoDBClient({ endpoint, region, credentials: userKeys('admin') });

async function createOldTable(path: string): Promise<void> {
  await mkdir(path);
  const server = dynalite({ path, createTableMs: 0 });
  const client = clientOf(await listen(server, 0));
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const described = new DescribeTableCommand({ TableName: tableName });
  await expect.poll(async () => (await client.send(described)).Table?.TableStatus).toBe('ACTIVE');
  client.destroy();
  await close(server);
}
