import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withRecoveryStates } from '../../infra/docs/recovery-states.ts';
import { assumedRoleArn } from '../../infra/policies/assumed-roles.ts';
import { functionRole } from '../../infra/policies/function-roles.ts';
import { alarms } from '../../infra/template/alarms.ts';
import { enrolmentHoldArn, functionName } from '../../infra/template/resource-names.ts';
import { parseSettings } from '../../infra/template/settings.ts';
import { stageResource } from '../../infra/template/stage.ts';
import { conditionContext } from '../../local-aws/policy/context.ts';
import { decideAssumeRole, evaluate } from '../../local-aws/policy/evaluate.ts';
import { parsePolicy } from '../../local-aws/policy/validate.ts';
import type { PolicyDocument, Principal, SessionContext } from '../../local-aws/principal.ts';
import { scheduledFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { defaultSettings } from '../support/settings.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const deploy = read('docs/deploy.md');
const operate = read('docs/operate.md');

/** The policy in the code block marked by a comment of this name. */
function policyIn(
  text: string,
  name: string,
  kind: Parameters<typeof parsePolicy>[1] = 'identity',
): PolicyDocument {
  const [, block = ''] =
    new RegExp(`<!-- policy: ${name} -->\\n\`\`\`json\\n([^]+?)\n\`\`\``).exec(text) ?? [];
  return parsePolicy(block, kind);
}

const accountId = '111122223333';
const now = Date.parse('2026-11-24T12:00:00Z');
const names = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId,
  stage: 'prod',
  tableName: 'table',
  noticeSender: '',
};

function role(name: string): Principal {
  return {
    type: 'assumed-role',
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${name.split('/').at(-1)}/session`,
    roleArn: `arn:aws:iam::${accountId}:role/${name}`,
    userId: 'AROAROLE:session',
    accessKeyId: 'ASIAROLE',
  };
}

function user(session?: Partial<SessionContext>): Principal {
  return {
    type: 'user',
    accountId,
    arn: `arn:aws:iam::${accountId}:user/alice`,
    userName: 'alice',
    userId: 'AIDAALICE',
    accessKeyId: 'AKIAALICE',
    ...(session && { session: { issuedAt: now, expiresAt: now + 3_600_000, policies: [], ...session } }),
  };
}

function decisionOf(
  policy: PolicyDocument,
  principal: Principal,
  action: string,
  resource: string,
  more: Readonly<Record<string, string>> = {},
) {
  const context = { ...conditionContext(principal, { now }), ...more };
  return evaluate({ action, resource, principal, context }, [policy]);
}

const operations = await loadOperations();
const [anyOperation] = operations;
if (anyOperation === undefined) throw new Error('There is no operation');
const { path, name } = functionRole(anyOperation, names);
const roleOfFunction = `arn:aws:iam::${accountId}:role${path}${name}`;
const aFunction = `arn:aws:lambda:eu-west-1:${accountId}:function:${functionName('prod', anyOperation.name)}`;
const table = `arn:aws:dynamodb:eu-west-1:${accountId}:table/mfa-self-service-prod-Table-1ABC`;
const api = 'arn:aws:apigateway:eu-west-1::/restapis/abcde12345';
const stack = `arn:aws:cloudformation:eu-west-1:${accountId}:stack/mfa-self-service-prod/1b2c`;

const executor = `arn:aws:lambda:eu-west-1:${accountId}:function:${functionName('prod', 'execute-recoveries')}`;
const secrets = `arn:aws:secretsmanager:eu-west-1:${accountId}:secret`;
const ticketingSecret = `${secrets}:mfa-self-service/prod/ticketing/jira-AbCdEf`;
const executorLog = `arn:aws:logs:eu-west-1:${accountId}:log-group:/aws/lambda/${functionName('prod', 'execute-recoveries')}`;

describe('the policy of the deployer in docs/deploy.md', () => {
  const policy = policyIn(deploy, 'deployer');
  const may = (action: string, resource: string, more = {}) =>
    decisionOf(policy, role('mfa-self-service-deployer'), action, resource, more) === 'allow';

  it.each([
    ['cloudformation:CreateChangeSet', stack],
    ['s3:PutObject', 'arn:aws:s3:::mfa-self-service-prod-serverlessdeploymentbucket-1abc/serverless/x.zip'],
    ['iam:CreateRole', roleOfFunction],
    ['iam:CreateRole', assumedRoleArn(names, 'device')],
    ['iam:CreateRole', assumedRoleArn(names, 'maintenance')],
    ['iam:PutRolePolicy', assumedRoleArn(names, 'device')],
    ['iam:CreatePolicy', `arn:aws:iam::${accountId}:policy/mfa-self-service-prod-SelfService`],
    ['lambda:CreateFunction', aFunction],
    ['apigateway:POST', 'arn:aws:apigateway:eu-west-1::/restapis'],
    ['apigateway:PUT', `${api}/gatewayresponses/ACCESS_DENIED`],
    ['apigateway:UpdateRestApiPolicy', api],
    [
      'logs:CreateLogGroup',
      `arn:aws:logs:eu-west-1:${accountId}:log-group:/aws/api-gateway/mfa-self-service-prod`,
    ],
    ['dynamodb:CreateTable', table],
    [
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:eu-west-1:${accountId}:secret:CursorSecret1-AbCdEf`,
    ],
    ['events:PutRule', `arn:aws:events:eu-west-1:${accountId}:rule/mfa-self-service-prod-Delete`],
    ['secretsmanager:CreateSecret', ticketingSecret],
    [
      'sqs:CreateQueue',
      `arn:aws:sqs:eu-west-1:${accountId}:mfa-self-service-prod-notify-subject-dead-letters`,
    ],
    ['logs:PutSubscriptionFilter', `${executorLog}:*`],
    ['iam:CreateRole', assumedRoleArn(names, 'recovery')],
    ['iam:CreatePolicy', enrolmentHoldArn(names)],
    ['lambda:PutFunctionEventInvokeConfig', executor],
    [
      'cloudwatch:PutMetricAlarm',
      `arn:aws:cloudwatch:eu-west-1:${accountId}:alarm:mfa-self-service-prod-throttled`,
    ],
    ['cloudwatch:PutDashboard', `arn:aws:cloudwatch::${accountId}:dashboard/mfa-self-service-prod`],
  ])('allows %s on %s', (action, resource) => {
    expect(may(action, resource)).toBe(true);
  });

  it('fits the limit of a managed policy', () => {
    expect(JSON.stringify(policy).length).toBeLessThan(6144);
  });

  it('may pass the functions’ roles to Lambda, and no others', () => {
    expect(may('iam:PassRole', roleOfFunction, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(true);
    expect(may('iam:PassRole', roleOfFunction, { 'iam:PassedToService': 'ec2.amazonaws.com' })).toBe(false);
  });

  it.each([
    ['iam:PutRolePolicy', `arn:aws:iam::${accountId}:role/admin`],
    ['iam:PassRole', `arn:aws:iam::${accountId}:role/admin`],
    ['iam:CreateUser', `arn:aws:iam::${accountId}:user/intruder`],
    ['iam:EnableMFADevice', `arn:aws:iam::${accountId}:user/alice`],
    ['iam:DetachUserPolicy', `arn:aws:iam::${accountId}:user/alice`],
    ['sts:AssumeRole', assumedRoleArn(names, 'recovery')],
    ['secretsmanager:GetSecretValue', ticketingSecret],
    ['secretsmanager:PutSecretValue', ticketingSecret],
    [
      'sqs:SendMessage',
      `arn:aws:sqs:eu-west-1:${accountId}:mfa-self-service-prod-notify-subject-dead-letters`,
    ],
    ['iam:AttachRolePolicy', roleOfFunction],
    ['lambda:InvokeFunction', aFunction],
    ['dynamodb:PutItem', table],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:eu-west-1:${accountId}:secret:another`],
  ])('does not allow %s on %s', (action, resource) => {
    expect(may(action, resource, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
  });
});

describe('the exceptions for users without MFA in docs/deploy.md', () => {
  const policy = policyIn(deploy, 'users');
  const ours = `arn:aws:execute-api:eu-west-1:${accountId}:abcde12345/prod/POST/v1/me/first-mfa-device`;
  const others = `arn:aws:execute-api:eu-west-1:${accountId}:fghij67890/prod/GET/orders`;
  const denied = (principal: Principal, action: string, resource: string) =>
    decisionOf(policy, principal, action, resource) === 'explicit-deny';

  it.each([
    ['with a long-term key', user()],
    ['with a session without MFA', user({})],
  ])('let users %s enrol and do nothing else', (_, principal) => {
    expect(denied(principal, 'execute-api:Invoke', ours)).toBe(false);
    expect(denied(principal, 'sts:GetSessionToken', '*')).toBe(false);
    expect(denied(principal, 'execute-api:Invoke', others)).toBe(true);
    expect(denied(principal, 's3:ListAllMyBuckets', '*')).toBe(true);
    expect(denied(principal, 'iam:EnableMFADevice', principal.arn)).toBe(true);
  });

  it('do not bind users with MFA', () => {
    expect(denied(user({ mfaAt: now }), 'execute-api:Invoke', others)).toBe(false);
  });
});

describe('the trust policy of the help desk in docs/deploy.md', () => {
  const trust = policyIn(deploy, 'help-desk-trust', 'trust');

  /** The decision on a user who may assume any role and asks for this one under a session name. */
  function assumedAs(userName: string, sessionName: string, session?: Partial<SessionContext>) {
    const principal = { ...user(session), userName, arn: `arn:aws:iam::${accountId}:user/${userName}` };
    const context = { ...conditionContext(principal, { now }), 'sts:RoleSessionName': sessionName };
    return decideAssumeRole(
      { action: 'sts:AssumeRole', resource: `arn:aws:iam::${accountId}:role/help-desk`, principal, context },
      {
        identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
        trust,
      },
    );
  }

  it('lets in users with MFA under their own name', () => {
    expect(assumedAs('ann', 'ann', { mfaAt: now })).toBe('allow');
  });

  it.each([
    ['under the name of another', 'pat', { mfaAt: now }],
    ['under a name that begins alike', 'ann2', { mfaAt: now }],
    ['with a long-term key', 'ann', undefined],
    ['with a session without MFA', 'ann', {}],
  ])('keeps out users %s', (_, sessionName, session) => {
    expect(assumedAs('ann', sessionName, session)).not.toBe('allow');
  });
});

describe('the policy of the operators’ topic in docs/deploy.md', () => {
  const policy = policyIn(deploy, 'operator-topic', 'resource');
  const statements = [policy.Statement].flat();

  it('lets in only EventBridge, for this stage’s rule', () => {
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Condition: {
        ArnEquals: {
          'aws:SourceArn': expect.stringMatching(/:rule\/mfa-self-service-prod-notify-operators$/),
        },
      },
    });
  });
});

describe('docs/operate.md', () => {
  const operatorTopicArn = `arn:aws:sns:eu-west-1:${accountId}:operators`;
  const settings = parseSettings({ ...defaultSettings, stage: 'prod', operatorTopicArn });

  it.each(Object.values(alarms(settings, [])))(
    'says what to do at $Properties.AlarmName',
    ({ Properties }) => {
      const alarm = String(Properties['AlarmName']).slice('mfa-self-service-prod-'.length);
      expect(operate).toContain(`\n### \`${alarm}\`\n`);
    },
  );

  it.each(scheduledFunctions)('explains the errors of the scheduled $name', (scheduled) => {
    expect(operate).toContain(`\`${scheduled.name}-errors\``);
  });

  it('has the states of a recovery that the code has; npm run docs:states updates them', () => {
    expect(operate).toBe(withRecoveryStates(operate));
  });

  it('names every field of the access log', () => {
    const { Format } = Object(stageResource(settings, 'Deployment').Properties['AccessLogSetting']);
    for (const field of Object.keys(JSON.parse(Format))) expect(operate).toContain(`\`${field}\``);
  });
});

describe('the pages', () => {
  it('name the command-line variables as serverless.yml does', () => {
    const parameters = [...read('serverless.yml').matchAll(/^ {4}(\w+): /gm)].map(
      ([, parameter]) => parameter,
    );
    const named = [...`${deploy}${operate}`.matchAll(/--param="(\w+)=/g)].map(([, parameter]) => parameter);
    expect(named.length).toBeGreaterThan(0);
    for (const parameter of named) expect(parameters).toContain(parameter);
  });
});
