import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { withRecoveryStates } from '../../infra/docs/recovery-states.ts';
import { withSettings } from '../../infra/docs/settings.ts';
import { parameters } from '../../infra/template/parameters.ts';
import { parameterValuesOf, settingName } from '../../infra/template/settings.ts';
import { conditionContext } from '../../local-aws/policy/context.ts';
import { decideAssumeRole, evaluate } from '../../local-aws/policy/evaluate.ts';
import { parsePolicy } from '../../local-aws/policy/validate.ts';
import type { PolicyDocument, Principal, SessionContext } from '../../local-aws/principal.ts';
import { scheduledFunctions } from '../../shared/contract/background-functions.ts';
import { templateOf } from '../support/packaged-template.ts';
import { blocksOf, pages, readPage } from '../support/pages.ts';
import { ways } from './deployer/ways.ts';

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

const parseByOsls: (path: string, text: string) => unknown = createRequire(import.meta.url)(
  'serverless/lib/utils/fs/parse.js',
);
const accountId = '111122223333';
const now = Date.parse('2026-11-24T12:00:00Z');
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

describe('the policies of the deployer in docs/deploy.md', () => {
  const [header = '', , ...rows] = /^\| Who \|.+?\n\n/ms.exec(deploy)?.[0].trim().split('\n') ?? [];
  const cells = (row: string) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const files = cells(header)
    .slice(1)
    .map((cell) => cell.replaceAll('`', ''));
  const table = rows.map((row) => {
    const [who = '', ...marks] = cells(row);
    return { who, given: files.filter((_, index) => marks[index] === 'yes') };
  });

  it('are the files in infra/deployer', () => {
    const there = readdirSync(new URL('../../infra/deployer/', import.meta.url))
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.replace('.json', ''));
    expect([...files].sort()).toEqual(there.sort());
  });

  it('are given to whom the tests of the policies give them', () => {
    // Deploying begins with a preflight.
    const { 'npm run deploy': byOsls, ...others } = ways;
    const expected = [
      [...(byOsls?.files ?? []), 'preflight'],
      ...Object.values(others).map((way) => way.files),
    ];
    expect(table.map(({ given }) => [...given].sort())).toEqual(expected.map((given) => [...given].sort()));
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
  const { Resources } = templateOf('prod', {
    operatorTopicArn: `arn:aws:sns:eu-west-1:${accountId}:operators`,
  });
  const alarms = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => String(Properties?.['AlarmName']).slice('mfa-self-service-prod-'.length))
    // Those of single functions are explained together.
    .filter((alarm) => !alarm.endsWith('-errors') || alarm === 'server-errors');

  it.each(alarms)('says what to do at %s', (alarm) => {
    expect(operate).toContain(`\n### \`${alarm}\`\n`);
  });

  it.each(scheduledFunctions)('explains the errors of the scheduled $name', (scheduled) => {
    expect(operate).toContain(`\`${scheduled.name}-errors\``);
  });

  it('has the states of a recovery that the code has; npm run docs:states updates them', () => {
    expect(operate).toBe(withRecoveryStates(operate));
  });

  it('names every field of the access log', () => {
    const { Format } = Object(Resources['ApiGatewayStage']?.Properties?.['AccessLogSetting']);
    for (const field of Object.keys(JSON.parse(Format))) expect(operate).toContain(`\`${field}\``);
  });
});

describe('settings in the pages', () => {
  const examples = pages.flatMap((page) =>
    blocksOf(readPage(page), 'yaml').map((block, index) => ({ page, index, block })),
  );

  it.each(examples)('are valid in $page, example $index', ({ block }) => {
    expect(() => parameterValuesOf('prod', parseByOsls('config/prod.yml', block))).not.toThrow();
  });

  it('have examples where they are explained', () => {
    const named = new Set(examples.map(({ page }) => page));
    expect([...named]).toEqual(
      expect.arrayContaining(['docs/deploy.md', 'docs/operate.md', 'docs/settings.md']),
    );
  });

  it('are in no command line', () => {
    for (const page of pages) expect(readPage(page), page).not.toMatch(/--param[= ]/);
  });

  it('are all in docs/settings.md as the template has them; npm run docs:settings updates them', () => {
    const page = readPage('docs/settings.md');
    expect(page).toBe(withSettings(page));
    for (const name of Object.keys(parameters).filter((each) => each !== 'Stage'))
      expect(page).toContain(`\n| \`${settingName(name)}\` | `);
    expect(page).not.toContain('undefined');
  });
});
