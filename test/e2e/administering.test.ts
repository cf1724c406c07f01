import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { assumedRoleArn } from '../../infra/policies/assumed-roles.ts';
import { deployment, localFunctionName } from '../../local-aws/deployment.ts';
import { keyOf } from '../../shared/ticketing/signature.ts';
import { apiEvent } from '../support/api-event.ts';
import { tableName } from '../support/deployed.ts';
import { useApi } from '../support/e2e.ts';
import { enrolFirst } from '../support/e2e-flows.ts';
import { hindrances, holdArn, recover } from '../support/recovered.ts';
import { bobsLoss, decide, helpDesk, requested, stateOf } from '../support/recovery-flows.ts';
import { localScp } from '../support/scp.ts';
import { standardSigner } from '../support/webhooks.ts';

// Each right of the table in docs/security.md that the local AWS knows, in the hands of a user who has nothing else.

const api = useApi();
const { accountId, region, noticeSender } = deployment;
const TableName = tableName;
const dev = { accessKeyId: 'AKIADEV0000000000001', secretAccessKey: 'the-secret-key-of-dev' };
const secretId = 'mfa-self-service/local/ticketing/standard';
const bobsArn = `arn:aws:iam::${accountId}:user/bob`;

beforeEach(() => {
  api.stack.account.controlPolicies = [];
});

/** Creates the user. */
function giveDev(action: string, resource: string): void {
  const { account, clock } = api.stack;
  const user = account.users.create({ userName: 'dev', path: '/', tags: [], now: clock.now() });
  account.users.addAccessKey(user, clock.now(), dev);
  const statement = { Effect: 'Allow', Action: action, Resource: resource };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  user.inlinePolicies = [{ name: 'right', document }];
  account.policiesChanged();
}

const settings = () => ({ endpoint: api.stack.awsUrl, region, credentials: dev, maxAttempts: 1 });
const table = () => new DynamoDBClient({ ...settings(), endpoint: api.stack.dynamoUrl });
const iam = () => new IAMClient(settings());

/** A webhook about bob's devices, signed with this secret. */
async function webhookWith(secret: string) {
  const body = JSON.stringify({ ...bobsLoss(), ticket: { id: 'HD-1' }, requestedBy: 'Ann Smith' });
  const headers = standardSigner.sign(body, keyOf(secret).toString(), Date.now());
  return api.send('POST', '/v1/ticketing/standard', { 'Content-Type': 'application/json', ...headers }, body);
}

interface Right {
  readonly action: string;
  readonly resource: string;
  readonly harm: string;
  /** Does the harm with the keys of dev, or throws. */
  readonly attempt: () => Promise<unknown>;
  /** Whether the harm is done. */
  readonly isDone: () => boolean | Promise<boolean>;
  /** Brings about what the harm needs. */
  readonly prepare?: () => Promise<unknown>;
}

const denied: readonly Right[] = [
  {
    action: 'lambda:InvokeFunction',
    resource: `arn:aws:lambda:${region}:${accountId}:function:${localFunctionName('create-mfa-device')}`,
    harm: 'creates a device for a user who never called',
    attempt: async () => {
      const { userId } = api.stack.account.users.get('bob');
      const event = apiEvent({
        path: '/v1/mfa-devices',
        httpMethod: 'POST',
        body: JSON.stringify({ name: 'forged' }),
        headers: { 'Content-Type': 'application/json' },
        identity: { userArn: bobsArn, user: userId, caller: userId },
        requestContext: { apiId: deployment.apiId, stage: deployment.stage, path: '/local/v1/mfa-devices' },
      });
      const FunctionName = localFunctionName('create-mfa-device');
      const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) });
      await new LambdaClient(settings()).send(command);
      // It names bob as the caller, who did not call.
      api.stack.account.trail.clear();
    },
    isDone: () => api.devices().includes('self-service/bob/forged'),
  },
  {
    action: 'dynamodb:PutItem',
    resource: `arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`,
    harm: 'replaces the item of a user, and with it their guard',
    prepare: () => recover(api, 'bob'),
    attempt: () =>
      table().send(
        new PutItemCommand({
          TableName,
          Item: { pk: { S: `user#${api.stack.account.users.get('bob').userId}` } },
        }),
      ),
    isDone: async () => (await hindrances(api, 'bob')).guard === undefined,
  },
  {
    action: 'dynamodb:UpdateItem',
    resource: `arn:aws:dynamodb:${region}:${accountId}:table/${TableName}`,
    harm: 'lifts the guard of a user',
    prepare: () => recover(api, 'bob'),
    attempt: () =>
      table().send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: `user#${api.stack.account.users.get('bob').userId}` } },
          UpdateExpression: 'REMOVE guard',
        }),
      ),
    isDone: async () => (await hindrances(api, 'bob')).guard === undefined,
  },
  {
    action: 'secretsmanager:PutSecretValue',
    resource: `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretId}-*`,
    harm: 'signs a webhook that asks for a recovery',
    attempt: () => {
      const command = new PutSecretValueCommand({ SecretId: secretId, SecretString: 'a-secret-made-by-dev' });
      return new SecretsManagerClient(settings()).send(command);
    },
    isDone: async () => {
      api.stack.clock.advance(301);
      return (await webhookWith('a-secret-made-by-dev')).status === 200;
    },
  },
  {
    action: 'ses:SendEmail',
    resource: `arn:aws:ses:${region}:${accountId}:*`,
    harm: 'mails users in the name of the service',
    attempt: () =>
      new SESv2Client(settings()).send(
        new SendEmailCommand({
          FromEmailAddress: noticeSender,
          Destination: { ToAddresses: ['bob@example.com'] },
          Content: { Simple: { Subject: { Data: 'Call' }, Body: { Text: { Data: 'us' } } } },
        }),
      ),
    isDone: () => api.stack.services.recordedEvents().mails.some(({ subject }) => subject === 'Call'),
  },
];

/** An administrator may have to do these, or no condition tells them from others; docs/security.md says so. */
const left: readonly Right[] = [
  {
    action: 'iam:DetachUserPolicy',
    resource: bobsArn,
    harm: 'lifts a hold',
    prepare: () => recover(api, 'bob'),
    attempt: () => iam().send(new DetachUserPolicyCommand({ UserName: 'bob', PolicyArn: holdArn })),
    isDone: async () => !(await hindrances(api, 'bob')).held,
  },
  {
    action: 'iam:DeleteUserPolicy',
    resource: bobsArn,
    harm: 'brings revoked sessions back',
    prepare: async () => {
      const document = JSON.stringify({ Version: '2012-10-17', Statement: [] });
      api.stack.account.users.get('bob').inlinePolicies = [{ name: 'mfa-self-service-revoke', document }];
    },
    attempt: () =>
      iam().send(new DeleteUserPolicyCommand({ UserName: 'bob', PolicyName: 'mfa-self-service-revoke' })),
    isDone: () => api.stack.account.users.get('bob').inlinePolicies.length === 0,
  },
  {
    action: 'iam:TagUser',
    resource: bobsArn,
    harm: 'redirects the mails of a user',
    attempt: () =>
      iam().send(new TagUserCommand({ UserName: 'bob', Tags: [{ Key: 'email', Value: 'dev@example.com' }] })),
    isDone: () => JSON.stringify(api.stack.account.users.get('bob').tags).includes('dev@example.com'),
  },
];

describe('a user who has nothing but', () => {
  it.each([...denied, ...left])('$action: $harm', async (right) => {
    await right.prepare?.();
    giveDev(right.action, right.resource);
    expect(await right.isDone()).toBe(false);
    await right.attempt();
    expect(await right.isDone()).toBe(true);
  });

  it('secretsmanager:GetSecretValue: signs a webhook that asks for a recovery', async () => {
    giveDev(
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:${region}:${accountId}:secret:${secretId}-*`,
    );
    const read = () =>
      new SecretsManagerClient(settings()).send(new GetSecretValueCommand({ SecretId: secretId }));
    expect((await webhookWith((await read()).SecretString ?? '')).status).toBe(200);
    api.stack.account.controlPolicies = [localScp()];
    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('sts:AssumeRole on the role for recoveries: is not trusted by it', async () => {
    const RoleArn = assumedRoleArn(deployment, 'recovery');
    giveDev('sts:*', RoleArn);
    const command = new AssumeRoleCommand({
      RoleArn,
      RoleSessionName: 'mfa-recovery',
      SourceIdentity: 'mfa-recovery',
    });
    await expect(new STSClient(settings()).send(command)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('the SCP', () => {
  it.each(denied)('keeps $action from a user who has it', async (right) => {
    await right.prepare?.();
    giveDev(right.action, right.resource);
    api.stack.account.controlPolicies = [localScp()];
    await expect(right.attempt()).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
    api.stack.account.controlPolicies = [];
    expect(await right.isDone()).toBe(false);
  });

  it.each(left)('leaves $action', async (right) => {
    await right.prepare?.();
    giveDev(right.action, right.resource);
    api.stack.account.controlPolicies = [localScp()];
    await right.attempt();
    api.stack.account.controlPolicies = [];
    expect(await right.isDone()).toBe(true);
  });

  it('leaves the service everything that it needs, from the first device to the pass', async () => {
    api.stack.account.controlPolicies = [localScp()];
    await enrolFirst(api, 'alice');
    expect((await webhookWith('local-ticketing-secret')).status).toBe(200);
    const { ann, pat } = await helpDesk(api);
    const id = await requested(api, ann, bobsLoss('INC1', { reason: 'stolen' }));
    expect((await decide(api, pat, id, 'approval')).status).toBe(200);
    await expect.poll(() => stateOf(api, pat, id)).toBe('executing');
    await api.stack.settled();
    const { events, mails } = api.stack.services.recordedEvents();
    expect(events.map((event) => event['detail-type'])).toContain('MFA Recovery Approved');
    expect(mails.flatMap(({ to }) => to)).toEqual(expect.arrayContaining(['alice@example.com']));
  });
});
