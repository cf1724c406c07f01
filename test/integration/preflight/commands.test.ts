import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../../local-aws/stack.ts';
import { userKeys } from '../../support/stack.ts';

const root = new URL('../../../', import.meta.url);
/** Its settings file leaves everything to the defaults. */
const stage = 'dev';

let aws: LocalStack;
beforeAll(async () => {
  aws = await startLocalStack({ parameters: { Stage: stage, StepUpMaxAge: '600' } });
  rename();
});
afterEach(async () => {
  await aws.reset();
  rename();
});
afterAll(() => aws.close());

/** As osls would have called it. */
function rename(): void {
  aws.controlPlane.stacks = aws.controlPlane.stacks.map((stack) => ({
    ...stack,
    name: `mfa-self-service-${stage}`,
  }));
}

function run(script: string, ...args: readonly string[]) {
  const { accessKeyId, secretAccessKey } = userKeys('admin');
  const env = {
    HOME: '/nonexistent',
    AWS_ENDPOINT_URL: aws.awsUrl,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const file = fileURLToPath(new URL(script, root));
  return new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    execFile(process.execPath, [file, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

const tamper = () => {
  const [api] = aws.controlPlane.apis;
  if (api !== undefined) api.policy = api.policy?.replace('"Deny"', '"Allow"');
};

const written = () =>
  aws.account.trail.events().filter(({ operation }) => !/^(Get|List|Describe)/.test(operation));

describe('npm run preflight', () => {
  const preflight = (...args: readonly string[]) =>
    run('infra/preflight/main.ts', '--stage', stage, '--region', 'us-east-1', ...args);

  it('compares with the settings file of the stage', async () => {
    const { code, output } = await preflight();
    expect(output).toMatch(/^changes +settings$/m);
    expect(output).toContain('stepUpMaxAge: 600 → 900 (default)\n');
    expect(output).toMatch(/\n12 ok, 0 to fix, 0 not checked\n$/);
    expect(code).toBe(0);
  });

  it('fails if the policy was changed', async () => {
    tamper();
    const { code, output } = await preflight('--restore-policy');
    expect(output).toContain('statement DenyUsersWithoutMfa was changed: Effect');
    expect(output).toContain('aws apigateway update-rest-api');
    expect(output).toMatch(/\n11 ok, 1 to fix, 0 not checked\n$/);
    expect(code).toBe(1);
    expect(written()).toEqual([]);
  });

  it.each([
    ['a stage without settings', ['--stage', 'nowhere'], 'There is no config/nowhere.yml.'],
    ['an unknown option', ['--force'], "Unknown option '--force'"],
  ])('refuses %s', async (_, args, expected) => {
    const { code, output } = await preflight(...args);
    expect(output).toContain(expected);
    expect(code).toBe(1);
  });

  it('refuses keys that nobody knows', async () => {
    aws.account.users.get('admin').accessKeys = [];
    aws.account.users.restore(aws.account.users.list());
    const { code, output } = await preflight();
    expect(output).toContain('security token');
    expect(code).toBe(1);
  });
});

describe('npm run deploy', () => {
  it('does not begin to deploy while the policy is not the template’s', async () => {
    tamper();
    const { code, output } = await run('infra/deploy/main.ts', '--stage', stage);
    expect(output).toMatch(/1 to fix, 0 not checked\nNot deployed: put this right first/);
    expect(output).not.toContain('Deploying');
    expect(code).toBe(1);
    expect(written()).toEqual([]);
  });
});
