import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../infra/policies/policy-document.ts';
import { type Finding, verify } from '../../infra/verify/checks.ts';
import { Client } from '../../infra/verify/client.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { Gateway, type GatewayOptions } from '../../local-aws/gateway/gateway.ts';
import { type RestApi, restApiOf } from '../../local-aws/gateway/rest-api.ts';
import { close, listen } from '../../local-aws/servers.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { bobsPhone, bobsSeed } from '../support/e2e-flows.ts';
import { resolvedTemplate } from '../support/rest-api.ts';
import { startTestStack, type TestStack, userKeys, userSession } from '../support/stack.ts';
import { totpAt } from '../support/totp.ts';

const operations = await loadOperations();
const api = restApiOf(resolvedTemplate(operations));

/** Enough operations to expose a faulty gateway. */
const few = operations.filter(({ name }) =>
  ['create-mfa-device', 'approve-recovery', 'list-users'].includes(name),
);

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

/** Findings of the verification with a differently configured gateway in front of the stack. */
async function findingsBehind(changes: Partial<GatewayOptions>): Promise<readonly Finding[]> {
  const gateway = new Gateway({
    ...deployment,
    api,
    clock: stack.clock,
    credentials: stack.account,
    invoke: (name, event) => stack.lambda.invoke(name, event),
    ...changes,
  });
  const server = createServer(gateway.listener);
  try {
    return await findingsAt(await listen(server, 0), few);
  } finally {
    await close(server);
  }
}

async function findingsAt(url: string, checked = operations): Promise<readonly Finding[]> {
  const findings = verify({
    client: new Client(new URL(url), 'us-east-1'),
    operations: checked,
    longTerm: userKeys('bob'),
    withoutMfa: userSession(stack, 'bob'),
    steppedUp: userSession(stack, 'bob', { mfaAt: stack.clock.now() }),
  });
  return Array.fromAsync(findings);
}

const failed = (findings: readonly Finding[]) => findings.filter(({ faults }) => faults.length > 0);

/** The API without the statements of its policy whose ids start so. */
function without(sid: string): { readonly api: RestApi } {
  const statements = [api.policy?.Statement ?? []].flat();
  const left = statements.filter(({ Sid = '' }) => !Sid.startsWith(sid));
  expect(left.length).toBeLessThan(statements.length);
  return withPolicy({ ...api.policy, Statement: left });
}

const withPolicy = (policy: PolicyDocument) => ({ api: { ...api, policy } });

describe('verification', () => {
  it('finds nothing wrong with any of the productâs routes, and changes nothing', async () => {
    const before = JSON.stringify(stack.account.devices.records());
    const findings = await findingsAt(stack.apiUrl);
    expect(failed(findings)).toEqual([]);
    expect(findings.map(({ undecided = 0 }) => undecided).filter(Boolean)).toEqual([]);
    expect(JSON.stringify(stack.account.devices.records())).toBe(before);
    const checks = findings.map(({ check }) => check).join('\n');
    for (const { name } of operations.filter(({ gate }) => gate === 'second-factor')) {
      for (const how of ['unsigned', 'with a long-term key', 'with a session without MFA']) {
        expect(checks).toContain(`${name} ${how}, in every spelling`);
      }
    }
  }, 120_000);

  it('finds nothing wrong with configured origins either', async () => {
    const template = resolvedTemplate(operations, { AllowedOrigins: 'https://portal.example.com' });
    expect(failed(await findingsBehind({ api: restApiOf(template) }))).toEqual([]);
  });

  it('fails if the resource policy lacks the gate', async () => {
    const faults = failed(await findingsBehind(without('DenyUsers')));
    expect(faults.map(({ check }) => check).join('\n')).toContain('with a session without MFA');
  });

  it('fails if the functions do not check the pathâs spelling', async () => {
    const invoke = async () => ({ payload: JSON.stringify({ statusCode: 200, body: '{}' }) });
    const faults = failed(await findingsBehind({ invoke }));
    expect(faults.map(({ check }) => check).join('\n')).toContain('with a long-term key, in every spelling');
  });

  it('fails if a method override gets past the gate', async () => {
    const invoke = async () => ({ payload: JSON.stringify({ statusCode: 200, body: '{}' }) });
    const onlyAsSent = JSON.parse(JSON.stringify(api.policy).replaceAll('local/*/v1', 'local/GET/v1'));
    const faults = failed(await findingsBehind({ invoke, ...withPolicy(onlyAsSent) }));
    expect(faults.map(({ check }) => check).join('\n')).toContain(
      'every method override with a long-term key',
    );
  });

  it('fails if no one is let in: refusing everyone proves nothing', async () => {
    const closed = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' } as const;
    const faults = failed(await findingsBehind(withPolicy({ Statement: closed })));
    expect(faults).toHaveLength(2);
    expect(faults.map(({ check }) => check).join('\n')).toContain('is let in');
  });
});

describe('npm run verify', () => {
  const script = fileURLToPath(new URL('../../infra/verify/main.ts', import.meta.url));
  const keys = userKeys('bob');
  const env = {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: 'us-east-1',
  };

  function run(args: readonly string[], environment: Readonly<Record<string, string>> = env) {
    return new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
      execFile(process.execPath, [script, ...args], { env: environment }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  it('passes on the local stack with a device and its code', async () => {
    const code = totpAt(bobsSeed, stack.clock.now());
    const { code: exit, output } = await run(['--url', stack.apiUrl, '--serial', bobsPhone, '--code', code]);
    expect(output).toMatch(/\n\d+ checks passed, 0 failed\n$/);
    expect(output).toContain('test-invoke');
    expect(exit).toBe(0);
    for (const secret of [keys.secretAccessKey, code]) expect(output).not.toContain(secret);
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
  ])('explains what is wrong with %s', async (_, args, words) => {
    const { code, output } = await run(args);
    expect(output).toContain(words);
    expect(code).toBe(1);
  });

  it("asks for a user's long-term keys instead of a session's", async () => {
    const args = ['--url', stack.apiUrl, '--serial', bobsPhone, '--code', '123456'];
    const { code, output } = await run(args, { ...env, AWS_SESSION_TOKEN: 'token' });
    expect(output).toContain('long-term keys');
    expect(code).toBe(1);
  });
});
