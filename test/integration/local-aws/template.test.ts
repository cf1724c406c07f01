import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../../../local-aws/deployment.ts';
import { type ChangeableResource, set, templateWith, without } from '../../support/deployed.ts';
import { rawFetch } from '../../support/http.ts';
import { startTestStack, type TestStack, userKeys } from '../../support/stack.ts';

// What the template lacks, the local AWS lacks: each test changes one fact of the template and looks at what follows.

type Resources = Record<string, ChangeableResource>;
type Look = (stack: TestStack) => Promise<unknown>;

let usual: TestStack;
beforeAll(async () => {
  usual = await startTestStack();
});
afterAll(() => usual.close());

const nothing = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] };

const createDevice: Look = async (stack) =>
  (await stack.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' })).status;
const ownDevices: Look = async (stack) => (await stack.fetch('bob', 'GET', '/v1/me/mfa-devices')).status;
const whoAmI: Look = async (stack) => (await stack.fetch('bob', 'GET', '/v1/me')).status;
const run =
  (name: string): Look =>
  async (stack) =>
    (await rawFetch(stack.awsUrl, 'POST', '/_local/run', {}, JSON.stringify({ function: name }))).json();

/** Creates a device and tells how many events, notifications and dead letters that led to. */
const told: Look = async (stack) => {
  await createDevice(stack);
  await stack.settled();
  const { events, notifications } = stack.services.recordedEvents();
  return [events.length, notifications.map(({ topic }) => topic)];
};

/** The same while EventBridge is out of order. */
const kept: Look = async (stack) => {
  stack.faults.put({ operation: 'PutEvents', error: 'InternalException', times: 1000 });
  await createDevice(stack);
  await stack.settled();
  return stack.lambda.deadLetters.map(({ queue, attempts }) => [queue, attempts]);
};
const letters = 'mfa-self-service-local-publish-events-dead-letters';

const secret =
  (name: string): Look =>
  async ({ awsUrl: endpoint }) => {
    const client = new SecretsManagerClient({
      endpoint,
      region: 'us-east-1',
      credentials: userKeys('admin'),
    });
    const SecretId = `mfa-self-service/local/ticketing/${name}`;
    return client
      .send(new GetSecretValueCommand({ SecretId }))
      .then(
        () => 'there',
        ({ name: error }) => error,
      )
      .finally(() => client.destroy());
  };

const keysOfTable: Look = async ({ deployed, dynamoUrl }) => [deployed.table.TableName, dynamoUrl !== ''];

describe('the local AWS has from the template', () => {
  it.each<[string, (resources: Resources) => void, Look, unknown, unknown]>([
    ["a function's policies", set('ListMfaDevicesRole', { Policies: [] }), ownDevices, 200, 502],
    [
      'the policies of a role that functions assume',
      set('DeviceReadRole', { Policies: [{ PolicyName: 'no', PolicyDocument: nothing }] }),
      ownDevices,
      200,
      502,
    ],
    [
      'whom such a role trusts',
      set('DeviceReadRole', {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::210987654321:root' },
              Action: 'sts:AssumeRole',
            },
          ],
        },
      }),
      ownDevices,
      200,
      502,
    ],
    ["users' managed policy", set('SelfServicePolicy', { PolicyDocument: nothing }), whoAmI, 200, 403],
    [
      "a function's environment",
      set('GetDashmeLambdaFunction', { Environment: { Variables: {} } }),
      whoAmI,
      200,
      502,
    ],
    [
      "a function's reserved concurrency",
      set('GetDashmeLambdaFunction', { ReservedConcurrentExecutions: 0 }),
      whoAmI,
      200,
      500,
    ],
    [
      'the subscription to a log group',
      without('CreateDashfirstDashmfaDashdeviceLogGroupAudit'),
      told,
      [1, ['operators']],
      [0, []],
    ],
    [
      "the subscription's pattern",
      set('CreateDashfirstDashmfaDashdeviceLogGroupAudit', { FilterPattern: '{ $.audit IS FALSE }' }),
      told,
      [1, ['operators']],
      [0, []],
    ],
    ["the logs' permission to invoke", without('AuditLinesPermission'), told, [1, ['operators']], [0, []]],
    [
      "a rule's pattern",
      set('NotifyOperatorsRule', { EventPattern: { source: ['another'] } }),
      told,
      [1, ['operators']],
      [1, []],
    ],
    ["a rule's state", set('NotifyOperatorsRule', { State: 'DISABLED' }), told, [1, ['operators']], [1, []]],
    [
      "a rule's target",
      set('NotifyOperatorsRule', { Targets: [{ Id: 'a', Arn: 'arn:aws:sns:us-east-1:123456789012:night' }] }),
      told,
      [1, ['operators']],
      [1, ['night']],
    ],
    [
      'the number of retries',
      (resources) => {
        const config = resources['PublishDasheventsLambdaEvConf'];
        if (config) config.Properties['MaximumRetryAttempts'] = 0;
      },
      kept,
      [[letters, 3]],
      [[letters, 1]],
    ],
    [
      'the queue of what failed',
      set('PublishDasheventsLambdaEvConf', { DestinationConfig: {} }),
      kept,
      [[letters, 3]],
      [],
    ],
    [
      "the queue's policy",
      set('PublishEventsDeadLettersPolicy', {
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' }],
        },
      }),
      kept,
      [[letters, 3]],
      [],
    ],
    [
      'the right to send to the queue',
      (resources) => {
        const [policy] = Object(resources['PublishEventsRole']?.Properties['Policies']);
        const { PolicyDocument } = policy;
        PolicyDocument.Statement = PolicyDocument.Statement.filter(
          ({ Sid }: { Sid: string }) => Sid !== 'KeepDeadLetters',
        );
      },
      kept,
      [[letters, 3]],
      [],
    ],
    ['a secret', without('TicketingSecretJira'), secret('jira'), 'there', 'ResourceNotFoundException'],
    [
      "a schedule's state",
      set('ExecuteDashrecoveriesEventsRuleSchedule1', { State: 'DISABLED' }),
      run('execute-recoveries'),
      {},
      { error: expect.stringContaining('No enabled rule runs') },
    ],
    [
      "a schedule's permission to invoke",
      without('ExecuteDashrecoveriesLambdaPermissionEventsRuleSchedule1'),
      run('execute-recoveries'),
      {},
      { error: expect.stringContaining('No permission lets') },
    ],
    [
      "the table's name",
      set('Table', { TableName: 'devices' }),
      keysOfTable,
      [expect.stringMatching(/^mfa-self-service-local-Table-\w{12}$/), true],
      ['devices', true],
    ],
  ])('%s', async (_name, change, look, before, after) => {
    await usual.reset();
    expect(await look(usual)).toEqual(before);
    const stack = await startTestStack({ template: await templateWith(change) });
    try {
      expect(await look(stack)).toEqual(after);
    } finally {
      await stack.close();
    }
  });

  it("a function's timeout and a role's longest session", async () => {
    const template = await templateWith((resources) => {
      set('GetDashmeLambdaFunction', { Timeout: 1 })(resources);
      set('DeviceReadRole', { MaxSessionDuration: 43_200 })(resources);
    });
    const stack = await startTestStack({ template });
    stack.faults.put({ operation: 'ListMFADevices', delayMs: 5000, times: 1 });
    const { status } = await stack.fetch('bob', 'GET', '/v1/me');
    const { maxSessionDuration } = stack.account.roles.get('mfa-self-service-local-device-read') ?? {};
    await stack.close();
    expect([status, maxSessionDuration]).toEqual([504, 43_200]);
  });

  it('what its parameters say', async () => {
    const stack = await startTestStack({ parameters: { OtpauthIssuer: 'ACME', OperatorTopicArn: '' } });
    const { otpauthUri } = (
      await stack.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' })
    ).json();
    await stack.settled();
    const { deliveries, events } = stack.services.recordedEvents();
    await stack.close();
    expect(otpauthUri).toContain('issuer=ACME');
    expect([events.length, deliveries.length]).toEqual([1, 0]);
  });
});

it('the place of the deployment is the one in its ARNs', () => {
  const { accountId, region, apiId } = deployment;
  const [self] = Object.values(usual.deployed.resolved.resources).filter(
    ({ type }) => type === 'AWS::DynamoDB::Table',
  );
  expect(self?.attributes['Arn']).toContain(`arn:aws:dynamodb:${region}:${accountId}:table/`);
  expect(usual.deployed.resolved.outputs['ServiceEndpoint']).toBe(
    `https://${apiId}.execute-api.${region}.amazonaws.com/local`,
  );
});
