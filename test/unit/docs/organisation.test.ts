import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAccounts } from '../../../clients/cli/src/organisation/accounts-file.ts';
import { evaluate as evaluateIntrinsics } from '../../../infra/cloudformation/intrinsics.ts';
import { conditionContext } from '../../../local-aws/policy/context.ts';
import { decideAssumeRole, evaluate } from '../../../local-aws/policy/evaluate.ts';
import { parsePolicy } from '../../../local-aws/policy/validate.ts';
import type { PolicyDocument, Principal } from '../../../local-aws/principal.ts';
import { writtenTemplate } from '../../support/packaged-template.ts';
import { blocksOf, readPage } from '../../support/pages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readPage('docs/organisation.md');
const folder = mkdtempSync(join(tmpdir(), 'organisation-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ours = { organisation: 'o-a1b2c3d4e5', member: '111122223333', auditors: '999900001111' };

/** What the templates refer to, in one member account. */
const values: Readonly<Record<string, string>> = {
  'AWS::AccountId': ours.member,
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  OrganisationId: ours.organisation,
  AuditAccountId: ours.auditors,
  Stage: 'prod',
  Topic: `arn:aws:sns:eu-west-1:${ours.auditors}:alarms`,
  'Bucket.Arn': 'arn:aws:s3:::code',
  'Role.Arn': `arn:aws:iam::${ours.member}:role/logs`,
  Bucket: 'code',
};

function named(name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`Refers to ${name}`);
  return value;
}

const scope = {
  ref: named,
  attribute: (id: string, name: string) => named(`${id}.${name}`),
  condition: () => false,
};

/** A template's resource, or part of it, with its references replaced. */
function resolved(template: string, ...path: readonly string[]) {
  const { Resources } = JSON.parse(readPage(`docs/organisation/${template}.json`));
  return Object(path.reduce((value, key) => Object(value)[key], evaluateIntrinsics(Resources, scope)));
}

/** What a policy decides of anyone whom its Principal names. */
function decisionOf(
  { Statement, ...rest }: PolicyDocument,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>>,
) {
  const statements = [Statement].flat().map(({ Principal: _, ...statement }) => statement);
  return evaluate({ action, resource, principal: undefined, context }, [{ ...rest, Statement: statements }]);
}

const userOf = (accountId: string, userName: string, mfa: boolean): Principal => ({
  type: 'user',
  accountId,
  arn: `arn:aws:iam::${accountId}:user/${userName}`,
  userName,
  userId: 'AIDAUSER',
  accessKeyId: mfa ? 'ASIAUSER' : 'AKIAUSER',
  ...(mfa && { session: { issuedAt: now, expiresAt: now + 3_600_000, policies: [], mfaAt: now } }),
});
const now = Date.parse('2026-11-24T12:00:00Z');

describe('the role of auditors', () => {
  const role = `arn:aws:iam::${ours.member}:role/mfa-auditor`;
  const trust = parsePolicy(
    JSON.stringify(resolved('auditor-role', 'Role', 'Properties', 'AssumeRolePolicyDocument')),
    'trust',
  );
  const [, own = ''] = /<!-- policy: auditors -->\n```json\n(.+?)\n```/s.exec(page) ?? [];
  const mayBe = (principal: Principal, sessionName: string, organisation = ours.organisation) =>
    decideAssumeRole(
      {
        action: 'sts:AssumeRole',
        resource: role,
        principal,
        context: {
          ...conditionContext(principal, { now }),
          'sts:RoleSessionName': sessionName,
          'aws:ResourceOrgID': organisation,
        },
      },
      { identity: [parsePolicy(own)], trust },
    ) === 'allow';

  it('is for users of the security account, with MFA and under their own name', () => {
    expect(mayBe(userOf(ours.auditors, 'kim', true), 'kim')).toBe(true);
  });

  it.each<[string, Principal, string, string?]>([
    ['another name', userOf(ours.auditors, 'kim', true), 'pat'],
    ['no MFA', userOf(ours.auditors, 'kim', false), 'kim'],
    ['a user of the account itself', userOf(ours.member, 'kim', true), 'kim'],
    ['a user of a stranger’s account', userOf('444455556666', 'kim', true), 'kim'],
    ['a role of another organisation', userOf(ours.auditors, 'kim', true), 'kim', 'o-another000'],
  ])('is not for %s', (_, principal, sessionName, organisation) => {
    expect(mayBe(principal, sessionName, organisation)).toBe(false);
  });

  it('has the policy of auditors, and finds the stack of the service alone', () => {
    const { ManagedPolicyArns, Policies } = resolved('auditor-role', 'Role', 'Properties');
    const auditors = writtenTemplate.Resources['AuditorPolicy']?.Properties?.['ManagedPolicyName'];
    const name = evaluateIntrinsics(auditors, scope);
    expect(ManagedPolicyArns).toEqual([`arn:aws:iam::${ours.member}:policy/${name}`]);
    const stack = (name: string) => `arn:aws:cloudformation:eu-west-1:${ours.member}:stack/${name}/1b2c`;
    const policy: PolicyDocument = Policies[0].PolicyDocument;
    const action = 'cloudformation:DescribeStacks';
    expect(decisionOf(policy, action, stack('StackSet-mfa-self-service-prod-1'), {})).toBe('allow');
    expect(decisionOf(policy, action, stack('StackSet-other-1'), {})).toBe('implicit-deny');
  });
});

describe('the topic of alarms', () => {
  const policy = resolved('alarm-topic', 'Policy', 'Properties', 'PolicyDocument');
  const alarm = (name: string, region = 'eu-west-1') =>
    `arn:aws:cloudwatch:${region}:${ours.member}:alarm:${name}`;
  const decide = (organisation: string, source: string) =>
    decisionOf(policy, 'sns:Publish', named('Topic'), {
      'aws:SourceOrgID': organisation,
      'aws:SourceArn': source,
    });

  it('is for CloudWatch alone', () => {
    const [statement, ...others] = policy.Statement;
    expect(others).toEqual([]);
    expect(statement.Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
  });

  it('takes the service’s alarms from any account of the organisation', () => {
    expect(decide(ours.organisation, alarm('mfa-self-service-prod-server-errors'))).toBe('allow');
  });

  it.each([
    ['another organisation', 'o-another000', alarm('mfa-self-service-prod-server-errors')],
    ['another alarm', ours.organisation, alarm('cpu')],
    ['another Region', ours.organisation, alarm('mfa-self-service-prod-server-errors', 'us-east-1')],
  ])('takes none of %s', (_, organisation, source) => {
    expect(decide(organisation, source)).toBe('implicit-deny');
  });
});

describe('the bucket of code', () => {
  const policy = resolved('code-bucket', 'Policy', 'Properties', 'PolicyDocument');
  const decide = (action: string, organisation: string, secure = 'true') =>
    decisionOf(policy, action, 'arn:aws:s3:::code/0.1.0/template.json', {
      'aws:PrincipalOrgID': organisation,
      'aws:SecureTransport': secure,
    });

  it('is read by the organisation, and written by nobody', () => {
    expect(decide('s3:GetObject', ours.organisation)).toBe('allow');
    expect(decide('s3:GetObject', 'o-another000')).toBe('implicit-deny');
    expect(decide('s3:GetObject', ours.organisation, 'false')).toBe('explicit-deny');
    for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:PutBucketPolicy', 's3:ListBucket'])
      expect(decide(action, ours.organisation), action).toBe('implicit-deny');
  });
});

describe('the role for logs', () => {
  it('is API Gateway’s, and outlives its stack', () => {
    const { Role, Settings } = resolved('api-gateway-logs');
    expect(Role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ]);
    expect(Settings.Properties).toEqual({ CloudWatchRoleArn: named('Role.Arn') });
    expect([Role.DeletionPolicy, Settings.DeletionPolicy]).toEqual(Array(2).fill('RetainExceptOnCreate'));
  });
});

describe('a list of accounts', () => {
  const load = (text: string) => {
    const path = join(folder, 'accounts.json');
    writeFileSync(path, text);
    return loadAccounts(path);
  };

  it.each(['docs/organisation.md', 'clients/cli/README.md'])('in %s can be read', async (path) => {
    const lists = blocksOf(readPage(path), 'json').filter((block) => block.startsWith('['));
    expect(lists).toHaveLength(1);
    for (const list of lists) expect((await load(list)).length).toBeGreaterThan(0);
  });

  it('is what accounts.sh prints, from what each account says of itself', async () => {
    const stack = `arn:aws:cloudformation:eu-west-1:${ours.member}:stack/StackSet-mfa-self-service-prod-1/2`;
    const broken = stack.replace(ours.member, '444455556666');
    const aws = `#!/bin/bash
case "$1 $2" in
'sts get-caller-identity') echo arn:aws:iam::${ours.auditors}:user/team/kim ;;
'cloudformation list-stack-instances')
  printf '%s\\t' ${ours.member} eu-west-1 CURRENT; echo ${stack}
  printf '%s\\t' 444455556666 eu-west-1 INOPERABLE; echo ${broken} ;;
'organizations describe-account') echo '"Büro \\"A\\""' ;;
'sts assume-role')
  [[ "$*" == *' --role-arn arn:aws:iam::${ours.member}:role/mfa-auditor --role-session-name kim '* ]] || exit 9
  printf 'ASIA\\tsecret\\ttoken\\n' ;;
'cloudformation describe-stacks')
  [[ $AWS_ACCESS_KEY_ID/$AWS_SECRET_ACCESS_KEY/$AWS_SESSION_TOKEN == ASIA/secret/token ]] || exit 9
  [[ "$*" == *' --region eu-west-1 --stack-name ${stack} '* ]] || exit 9
  echo https://abc.execute-api.eu-west-1.amazonaws.com/prod ;;
*) exit 9 ;;
esac
`;
    writeFileSync(join(folder, 'aws'), aws);
    chmodSync(join(folder, 'aws'), 0o755);

    const printed = execFileSync(`${root}docs/organisation/accounts.sh`, ['mfa-self-service-prod'], {
      env: { PATH: `${folder}:/usr/bin:/bin` },
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });

    expect(await load(printed)).toEqual([
      {
        account: ours.member,
        name: 'Büro "A"',
        url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod',
        roleArn: `arn:aws:iam::${ours.member}:role/mfa-auditor`,
      },
    ]);
  });
});

it('the commands are shell', () => {
  const blocks = blocksOf(page, 'sh');
  expect(blocks.length).toBeGreaterThan(8);
  for (const block of blocks) execFileSync('bash', ['-n'], { input: block });
});

it('the files that it names are all there are', () => {
  const files = [...page.matchAll(/organisation\/([\w-]+\.(?:json|sh))/g)].map(([, name]) => name);
  const listed = execFileSync('ls', [`${root}docs/organisation`], { encoding: 'utf8' });
  expect([...new Set(files)].sort()).toEqual(listed.trim().split('\n'));
  expect(readFileSync(`${root}docs/organisation/accounts.sh`, 'utf8')).toContain('set -euo pipefail');
});
