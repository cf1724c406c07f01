import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assumedRoleArn, assumedRoles } from '../../infra/policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../../infra/policies/function-roles.ts';
import { enrolmentHoldArn, functionArn, functionName } from '../../infra/template/resource-names.ts';
import { type ConditionContext, conditionContext } from '../../local-aws/policy/context.ts';
import { evaluate } from '../../local-aws/policy/evaluate.ts';
import { parsePolicy } from '../../local-aws/policy/validate.ts';
import type { Principal } from '../../local-aws/principal.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { scpText } from '../support/scp.ts';

const security = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const scp = parsePolicy(scpText, 'identity');
const operations = await loadOperations();

const accountId = '111122223333';
const now = Date.parse('2026-11-24T12:00:00Z');
const names = {
  ...{ partition: 'aws', region: 'eu-west-1', accountId, stage: 'prod' },
  ...{ tableName: 'mfa-self-service-prod-Table-1ABC', noticeSender: 'IT security <mfa@example.com>' },
};
const [anyOperation] = operations;
if (anyOperation === undefined) throw new Error('There is no operation');

const here = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${accountId}:${resource}`;
const iam = (resource: string) => `arn:aws:iam::${accountId}:${resource}`;
const api = 'arn:aws:apigateway:eu-west-1::/restapis/abcde12345';
const log = `log-group:/aws/lambda/${functionName('prod', 'execute-recoveries')}`;
const secret = here('secretsmanager', 'secret:mfa-self-service/prod/ticketing/jira-AbCdEf');
const device = assumedRoleArn(names, 'device');

/** What each service's rights of the table are about. */
const resources: Readonly<Record<string, readonly string[]>> = {
  apigateway: [api, `${api}/resources/a1b2c3/methods/POST`, `${api}/deployments`, `${api}/stages/prod`],
  cloudformation: [here('cloudformation', 'stack/mfa-self-service-prod/1b2c')],
  cloudwatch: [here('cloudwatch', 'alarm:mfa-self-service-prod-throttled')],
  dynamodb: [here('dynamodb', `table/${names.tableName}`)],
  events: [here('events', 'rule/mfa-self-service-prod-notify-operators')],
  lambda: [functionArn(names, anyOperation.name), functionArn(names, 'execute-recoveries')],
  logs: [here('logs', `${log}:*`), here('logs', `${log}:log-stream:x`)],
  s3: ['arn:aws:s3:::mfa-self-service-prod-serverlessdeploymentbucket-1abc/serverless/x.zip'],
  secretsmanager: [secret],
  ses: [here('ses', 'identity/example.com')],
  sqs: [here('sqs', 'mfa-self-service-prod-notify-subject-dead-letters')],
  sts: (['recovery', 'device', 'device-read', 'audit', 'maintenance'] as const).map((work) =>
    assumedRoleArn(names, work),
  ),
};

function resourcesOf(action: string): readonly string[] {
  const [service = '', name = ''] = action.split(':');
  if (service !== 'iam') return resources[service] ?? [];
  if (name === 'CreateRole') return [iam('role/mfa-self-service/prod/intruder')];
  if (name.includes('Role')) return [device, iam('role/mfa-self-service/prod/prod-get-me')];
  return [enrolmentHoldArn(names), iam('policy/mfa-self-service-prod-RecoveryApprover')];
}

/** The table's rows: the actions that they name, and whether they are kept from others. */
const rows = [...security.matchAll(/^\| (`\w+:\w+`.*?) \| .* \| (yes|no: .*) \|$/gm)].map(
  ([, rights = '', kept = '']) => ({ actions: actionsIn(rights), isKept: kept === 'yes' }),
);

/** "`a:B`, `C` on `x`; `d:E`" names a:B, a:C and d:E. */
function actionsIn(rights: string): readonly string[] {
  let service = '';
  return rights.split('; ').flatMap((part) => {
    const [named = ''] = part.split(/ (?:on|of|below|from) /);
    return [...named.matchAll(/`(?:(\w+):)?(\w+)`/g)].map(([, prefix, name]) => {
      service = prefix ?? service;
      return `${service}:${name}`;
    });
  });
}

const kept = rows
  .filter(({ isKept }) => isKept)
  .flatMap(({ actions }) => actions)
  .flatMap((action) => resourcesOf(action).map((resource) => ({ action, resource })));

function role(name: string): Principal {
  return {
    type: 'assumed-role',
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${name.split('/').at(-1)}/session`,
    roleArn: iam(`role/${name}`),
    userId: 'AROAROLE:session',
    accessKeyId: 'ASIAROLE',
  };
}

const alice: Principal = {
  type: 'user',
  accountId,
  arn: iam('user/alice'),
  userName: 'alice',
  userId: 'AIDAALICE',
  accessKeyId: 'AKIAALICE',
};

/** The condition keys that requests of the table's rights have. */
const more: ConditionContext = {
  'lambda:FunctionArn': functionArn(names, anyOperation.name),
  'ses:FromAddress': 'mfa@example.com',
};

const decide = (principal: Principal, action: string, resource: string, context: ConditionContext = more) =>
  evaluate(
    {
      action,
      resource,
      principal,
      context: { ...conditionContext(principal, { now }), ...context },
    },
    [scp],
  );

describe('the SCP of docs/security.md', () => {
  it('is the one in docs/policies, and fits Organizations’ limit', () => {
    const [, block = ''] = /<!-- policy: scp -->\n```json\n(.+?)\n```/s.exec(security) ?? [];
    expect(`${block}\n`).toBe(scpText);
    expect(JSON.stringify(scp).length).toBeLessThanOrEqual(5120);
  });

  it.each(kept)('keeps $action on $resource from administrators and users', ({ action, resource }) => {
    expect(decide(role('admin'), action, resource)).toBe('explicit-deny');
    expect(decide(alice, action, resource)).toBe('explicit-deny');
  });

  it.each(kept.filter(({ action }) => !/^ses:|EventSourceMapping$/.test(action)))(
    'leaves $action on $resource to the deployer',
    ({ action, resource }) => {
      expect(decide(role('mfa-self-service-deployer'), action, resource)).toBe('implicit-deny');
    },
  );

  it.each([
    'mfa-self-service-deployer2',
    'x/mfa-self-service-deployer',
    'mfa-self-service/prod/mfa-self-service-deployer',
  ])('does not mistake the role %s for the deployer', (other) => {
    const [aFunction = ''] = resources['lambda'] ?? [];
    expect(decide(role(other), 'lambda:UpdateFunctionCode', aFunction)).toBe('explicit-deny');
  });

  it('says of every right that it leaves why it does, and leaves it', () => {
    const left = rows.filter(({ isKept }) => !isKept).flatMap(({ actions }) => actions);
    expect(left).toEqual(expect.arrayContaining(['iam:DetachUserPolicy', 'iam:DeleteUserPolicy']));
    for (const action of left) {
      for (const resource of [iam('user/bob'), 'arn:aws:apigateway:eu-west-1::/domainnames/mfa.example.com'])
        expect(decide(role('admin'), action, resource, {}), action).toBe('implicit-deny');
    }
  });

  it.each([
    [
      'the role of the deployer to whoever may assume it',
      'sts:AssumeRole',
      iam('role/mfa-self-service-deployer'),
    ],
    ['other functions', 'lambda:InvokeFunction', here('lambda', 'function:another')],
    ['other event sources', 'lambda:CreateEventSourceMapping', here('lambda', 'event-source-mapping:1')],
    ['other tables', 'dynamodb:PutItem', here('dynamodb', 'table/another')],
    ['other roles', 'iam:CreateRole', iam('role/another')],
    ['other APIs', 'apigateway:PATCH', 'arn:aws:apigateway:eu-west-1::/restapis/fghij67890'],
    ['other secrets', 'secretsmanager:GetSecretValue', here('secretsmanager', 'secret:another-AbCdEf')],
    ['other logs', 'logs:PutLogEvents', here('logs', 'log-group:/aws/lambda/another')],
    ['other buckets', 's3:PutObject', 'arn:aws:s3:::another/x'],
    ['reading the logs', 'logs:GetLogEvents', here('logs', `${log}:log-stream:x`)],
    ['redriving dead letters', 'sqs:ReceiveMessage', resources['sqs']?.[0] ?? ''],
  ])('leaves %s to others', (_, action, resource) => {
    expect(decide(role('admin'), action, resource, {})).toBe('implicit-deny');
  });

  it('keeps event sources of our functions from everyone', () => {
    const mapping = here('lambda', 'event-source-mapping:1b2c');
    expect(decide(role('admin'), 'lambda:CreateEventSourceMapping', mapping)).toBe('explicit-deny');
    expect(decide(role('admin'), 'lambda:UpdateEventSourceMapping', mapping)).toBe('explicit-deny');
  });

  it('leaves mail from other senders to others', () => {
    const context = { 'ses:FromAddress': 'shop@example.com' };
    expect(decide(role('admin'), 'ses:SendEmail', here('ses', 'identity/example.com'), context)).toBe(
      'implicit-deny',
    );
  });

  const roles = [
    ...operations.map((operation) => functionRole(operation, names)),
    ...backgroundFunctions.map((background) => backgroundRole(background, names)),
    ...Object.values(assumedRoles(operations, names)),
  ];

  it.each(roles)('denies the role $name nothing that its own policy grants', ({ path, name, policy }) => {
    const principal = role(`${path}${name}`.slice(1));
    for (const { Action = [], Resource = [] } of [policy.Statement].flat()) {
      for (const action of [Action].flat()) {
        for (const resource of [Resource].flat())
          expect(decide(principal, action, resource), `${action} on ${resource}`).toBe('implicit-deny');
      }
    }
  });

  const functionRoleNamed = (name: string) => `mfa-self-service/prod/prod-${name}`;

  it.each([
    ['approve-recovery', 'execute-recoveries'],
    ['publish-events', 'notify-subject'],
    ['publish-events', 'report-outcome'],
  ])('lets %s start %s', (starter, started) => {
    const roleName = functionRoleNamed(starter);
    expect(roles.map(({ path, name }) => `${path}${name}`.slice(1))).toContain(roleName);
    const [mine] = roles.filter(({ name }) => name === `prod-${starter}`);
    const principal = role(roleName);
    const request = { action: 'lambda:InvokeFunction', resource: functionArn(names, started), principal };
    const context = conditionContext(principal, { now });
    expect(evaluate({ ...request, context }, [scp])).toBe('implicit-deny');
    expect(evaluate({ ...request, context }, [mine?.policy ?? scp])).toBe('allow');
  });

  it.each([
    ['of any other name', 'intruder'],
    ['whose name begins alike', 'mfa-self-service-intruder'],
    ['whose path only begins alike', 'mfa-self-service2/prod/prod-approve-recovery'],
    ['whose path has ours in it', 'x/mfa-self-service/prod/prod-approve-recovery'],
    ['that functions assume', 'mfa-self-service-prod-recovery'],
  ])('lets no role %s start the functions', (_, name) => {
    for (const started of ['execute-recoveries', 'notify-subject', 'report-outcome', 'publish-events']) {
      for (const action of ['lambda:InvokeFunction', 'lambda:InvokeAsync'])
        expect(decide(role(name), action, functionArn(names, started))).toBe('explicit-deny');
    }
  });

  it('keeps everybody from making a role among those of the functions', () => {
    const mine = iam(`role/${functionRoleNamed('intruder')}`);
    for (const action of ['iam:CreateRole', 'iam:PassRole', 'iam:UpdateAssumeRolePolicy'])
      expect(decide(role('admin'), action, mine)).toBe('explicit-deny');
  });

  it.each(roles)('denies the role $name to change the service', ({ path, name }) => {
    const principal = role(`${path}${name}`.slice(1));
    for (const action of [
      'lambda:UpdateFunctionCode',
      'dynamodb:DeleteTable',
      'secretsmanager:PutSecretValue',
    ]) {
      for (const resource of resourcesOf(action))
        expect(decide(principal, action, resource)).toBe('explicit-deny');
    }
  });
});
