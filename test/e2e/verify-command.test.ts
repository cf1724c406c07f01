import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Check } from '../../infra/verify/finding.ts';
import { apiOf, subjectOf } from '../../infra/verify/identities.ts';
import { optionsIn } from '../../infra/verify/options.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { bobsPhone } from '../support/e2e-flows.ts';
import type { SigningKeys } from '../support/sign.ts';
import { bobsSeed, startTestStack, type TestStack, userKeys, userSession } from '../support/stack.ts';
import { totpAt } from '../support/totp.ts';
import { failed, findingsOf, giveDevice, roleSession, unproven } from '../support/verify.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterEach(() => {
  vi.unstubAllEnvs();
  return stack.reset();
});
afterAll(() => stack.close());

describe('npm run verify', () => {
  const script = fileURLToPath(new URL('../../infra/verify/main.ts', import.meta.url));
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs it with a user's keys and with the profiles given, as the AWS CLI would find them. */
  async function run(args: readonly string[], profiles: Readonly<Record<string, SigningKeys>> = {}) {
    const file = join(folder, 'credentials');
    await writeFile(
      file,
      Object.entries(profiles)
        .map(([name, keys]) => profileOf(name, keys))
        .join('\n'),
    );
    const env = {
      AWS_REGION: 'us-east-1',
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_CONFIG_FILE: join(folder, 'none'),
    };
    return new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
      execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  const profileOf = (name: string, { accessKeyId, secretAccessKey, sessionToken }: SigningKeys): string =>
    [
      `[${name}]`,
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
      ...(sessionToken === undefined ? [] : [`aws_session_token = ${sessionToken}`]),
    ].join('\n');

  /** The policy that docs/deploy.md gives to the user who verifies, for the local API. */
  async function documentedPolicy(): Promise<string> {
    const page = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
    const [, json = ''] = /## 5\. Verify[\s\S]*?```json\n([\s\S]*?)```/.exec(page) ?? [];
    const { region, accountId, apiId, stage } = deployment;
    return json.replace(
      /execute-api:[\w-]+:\d+:\w+\/\w+/,
      `execute-api:${region}:${accountId}:${apiId}/${stage}`,
    );
  }

  it('ends well on the local stack with all that a run can have', async () => {
    const user = stack.account.users.create({
      userName: 'verify',
      path: '/',
      tags: [],
      now: stack.clock.now(),
    });
    const { accessKeyId, secretAccessKey } = stack.account.users.addAccessKey(user, stack.clock.now());
    user.inlinePolicies = [{ name: 'verify', document: await documentedPolicy() }];
    stack.account.policiesChanged();
    const serial = giveDevice(stack, 'verify');
    const code = totpAt(bobsSeed, stack.clock.now());
    const { code: exit, output } = await run(
      [
        ...['--url', stack.apiUrl, '--profile', 'verify', '--serial', serial, '--code', code, '--smoke'],
        ...['--old-session-profile', 'old', '--agent-profile', 'agent', '--approver-profile', 'approver'],
        ...['--auditor-profile', 'auditor'],
      ],
      {
        verify: { accessKeyId, secretAccessKey },
        old: userSession(stack, 'verify', { mfaAt: stack.clock.now() - 901_000 }),
        agent: roleSession(stack, 'mfa-agent', 'ann'),
        approver: roleSession(stack, 'mfa-approver', 'pat'),
        auditor: roleSession(stack, 'mfa-auditor', 'kim'),
      },
    );
    expect(output).toMatch(/\n\d+ checks passed, 0 failed, 3 not checked\n$/);
    expect(output).toContain('test-invoke');
    expect(exit).toBe(0);
    for (const secret of [secretAccessKey, code]) expect(output).not.toContain(secret);
  }, 120_000);

  it('ends with status 2 for a user who leaves gates unproven', async () => {
    const code = totpAt(bobsSeed, stack.clock.now());
    const { code: exit, output } = await run(
      ['--url', stack.apiUrl, '--profile', 'bob', '--serial', bobsPhone, '--code', code],
      { bob: userKeys('bob') },
    );
    expect(output).toMatch(/the gate is not proven: \d+ of its checks could not be made/);
    expect(output).toContain('sts:GetFederationToken');
    expect(exit).toBe(2);
  }, 120_000);

  it.each([
    ['no URL', [], 'url'],
    ['neither session nor device', ['--url', 'http://127.0.0.1:9'], '--session-profile'],
    ['a device without a code', ['--url', 'http://127.0.0.1:9', '--serial', bobsPhone], '--code'],
    [
      'a code of five digits',
      ['--url', 'http://127.0.0.1:9', '--serial', bobsPhone, '--code', '12345'],
      'six digits',
    ],
    [
      'an origin with a path',
      ['--url', 'http://127.0.0.1:9', '--session-profile', 'x', '--origin', 'https://a.example.com/'],
      'must be an origin',
    ],
    [
      'two ways to an old session',
      ['--url', 'http://127.0.0.1:9', '--session-profile', 'x', '--wait', '--old-session-profile', 'y'],
      'not both',
    ],
  ])('explains what is wrong with %s', async (_, args, words) => {
    const { code, output } = await run(args);
    expect(output).toContain(words);
    expect(code).toBe(1);
  });

  it('prints its options', async () => {
    const { code, output } = await run(['--help']);
    expect(output).toContain('--old-session-profile');
    expect(code).toBe(0);
  });

  it("asks for a user's long-term keys instead of a session's", async () => {
    const args = ['--url', stack.apiUrl, '--profile', 'bob', '--serial', bobsPhone, '--code', '123456'];
    const { code, output } = await run(args, { bob: userSession(stack, 'bob') });
    expect(output).toContain('long-term keys');
    expect(code).toBe(1);
  });

  it('takes no user for a role of the help desk', async () => {
    const { code, output } = await run(
      ['--url', stack.apiUrl, '--profile', 'bob', '--session-profile', 'session', '--agent-profile', 'bob'],
      { bob: userKeys('bob'), session: userSession(stack, 'bob', { mfaAt: stack.clock.now() }) },
    );
    expect(output).toContain(
      '--agent-profile is arn:aws:iam::123456789012:user/bob; give the session of a role',
    );
    expect(code).toBe(1);
  });
});

describe('waiting for the session to be old', () => {
  it('takes as long as the API takes MFA for recent, and then an expired session is at hand', async () => {
    const given = optionsIn([
      ...['--url', stack.apiUrl, '--region', 'us-east-1', '--wait'],
      ...['--serial', bobsPhone, '--code', totpAt(bobsSeed, stack.clock.now())],
    ]);
    if (given === undefined) throw new Error('no options');
    const waits: number[] = [];
    const pause = async (millis: number) => {
      waits.push(Math.round(millis / 1000));
      stack.clock.advance(millis / 1000);
    };
    vi.stubEnv('AWS_ACCESS_KEY_ID', userKeys('bob').accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', userKeys('bob').secretAccessKey);
    const subject = await subjectOf(given, await apiOf(given), pause);
    const stale = ({ name }: Check) => name.includes('MFA is old') || name.includes('EXPIRED_TOKEN');
    const findings = await findingsOf(subject, stale);
    expect([...failed(findings), ...unproven(findings)]).toEqual([]);
    expect(findings).toHaveLength(3);
    expect(waits).toEqual([910, 910]);
  });
});
