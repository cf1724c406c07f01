import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyDocument } from '../../infra/policies/policy-document.ts';
import type { Check } from '../../infra/verify/finding.ts';
import { summaryOf } from '../../infra/verify/report.ts';
import { close, listen } from '../../local-aws/servers.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { deployed } from '../support/deployed.ts';
import { type GatewayChanges, policyIn, withGateway, withPolicy } from '../support/gateway-in-front.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { failed, findingsOf, giveDevice, namesOf, subjectOn, unproven } from '../support/verify.ts';

const operations = await loadOperations();
const policy = policyIn(deployed.resolved);

/** Enough operations to expose a faulty gateway. */
const few = operations.filter(({ name }) =>
  ['create-mfa-device', 'approve-recovery', 'list-users', 'get-me'].includes(name),
);

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterEach(() => stack.reset());
afterAll(() => stack.close());

/** Findings as bob, who has only the policy of users, with a differently configured gateway. */
const findingsBehind = (changes: GatewayChanges) =>
  withGateway(stack, changes, (url) =>
    findingsOf(subjectOn(stack, 'bob', { url, operations: few, smoke: false }), isAboutTheGate),
  );

const isAboutTheGate = ({ name }: Check): boolean => /^(refused|let in):/.test(name);

const behindPolicy = (changed: PolicyDocument): GatewayChanges => ({
  template: withPolicy(deployed.resolved, changed),
});

/** The policy without the statements whose ids start with one of the prefixes. */
function without(...sids: readonly string[]): GatewayChanges {
  const statements = [policy.Statement].flat();
  const left = statements.filter(({ Sid = '' }) => !sids.some((sid) => Sid.startsWith(sid)));
  expect(left.length).toBeLessThan(statements.length);
  return behindPolicy({ ...policy, Statement: left });
}

describe('verification as a user whose own policies allow everything', () => {
  it('finds nothing wrong, proves every gate, and changes nothing', async () => {
    giveDevice(stack, 'admin');
    stack.account.trail.clear();
    const findings = await findingsOf(subjectOn(stack, 'admin', { smoke: false }));
    expect(failed(findings)).toEqual([]);
    expect(namesOf(unproven(findings)).split('\n')).toEqual([
      "managed policy SelfService: it is the user's own",
      'smoke: uses each operation',
      'answer of API Gateway: UNSUPPORTED_MEDIA_TYPE',
    ]);
    expect(summaryOf(findings).exitCode).toBe(0);
    const called = stack.account.trail.events().map(({ operation }) => operation);
    expect(called.filter((operation) => !/^(Get|List|AssumeRole)/.test(operation))).toEqual([]);
    for (const { name } of operations.filter(({ gate }) => gate === 'second-factor')) {
      for (const how of ['unsigned', 'with a long-term key', 'with a session without MFA']) {
        expect(namesOf(findings)).toContain(`refused: ${name} ${how}`);
        expect(namesOf(findings)).toContain(`refused: ${name}, spelled otherwise, ${how}`);
      }
    }
  }, 120_000);

  it('says which gates it could not prove, and that this is no pass', async () => {
    const missing = async () => ({ missing: 'give --old-session-profile or --wait' });
    const subject = subjectOn(stack, 'admin', {
      old: missing,
      federated: { missing: 'the user needs sts:GetFederationToken' },
      operations: few,
      smoke: false,
    });
    const { text, exitCode } = summaryOf(await findingsOf(subject, isAboutTheGate));
    expect(exitCode).toBe(2);
    expect(text).toMatch(/DenyAllButUsersAndRoles +not checked +the user needs sts:GetFederationToken/);
    expect(text).toMatch(/DenyUsersWithOldMfa +in part .*give --old-session-profile or --wait/);
    expect(text).toContain('the gate is not proven');
  });
});

describe('verification as a user with only the policy of users', () => {
  it('proves what that user may call, and says what it leaves open', async () => {
    const findings = await findingsOf(subjectOn(stack, 'bob'));
    expect(failed(findings)).toEqual([]);
    const open = unproven(findings);
    expect(namesOf(open)).toContain('refused: approve-recovery with a long-term key');
    expect(namesOf(open)).not.toContain('refused: tag-mfa-device with a long-term key');
    const spelled = open.find(({ check }) => check.startsWith('refused: tag-mfa-device, spelled otherwise'));
    expect(spelled?.notChecked).toContain("the user's own policies do not allow");
    expect(spelled?.note).toMatch(/\d+ by the gate, \d+ by the function, \d+ lead nowhere/);
    expect(summaryOf(findings).exitCode).toBe(2);
  }, 120_000);
});

describe('verification of an API that pages may call', () => {
  const origins = ['https://portal.example.com', 'https://other.example.com'];
  let open: TestStack;
  beforeAll(async () => {
    open = await startTestStack({ parameters: { AllowedOrigins: origins.join() } });
  });
  afterAll(() => open.close());
  const aboutPages = ({ name }: Check) => /^(CORS|answer of API Gateway):/.test(name);

  it('finds nothing wrong if it is told the origins', async () => {
    const findings = await findingsOf(subjectOn(open, 'bob', { origins }), aboutPages);
    expect(failed(findings)).toEqual([]);
    expect(unproven(findings)).toEqual([]);
  });

  it('fails if it is told none, or others', async () => {
    for (const told of [[], ['https://elsewhere.example.com']]) {
      const findings = await findingsOf(subjectOn(open, 'bob', { origins: told }), aboutPages);
      expect(namesOf(failed(findings))).toContain('CORS: ');
      expect(namesOf(failed(findings))).toContain('answer of API Gateway: ACCESS_DENIED');
    }
  });
});

describe('verification of a faulty API', () => {
  it('fails if the resource policy lacks the gate', async () => {
    const faults = failed(await findingsBehind(without('DenyUsers')));
    expect(namesOf(faults)).toContain('with a session without MFA');
    expect(namesOf(faults)).toContain('with a session whose MFA is old');
  });

  it('fails if only the functions stop a long-term key', async () => {
    const faults = failed(await findingsBehind(without('DenyUsers')));
    const key = faults.find(({ check }) => check === 'refused: create-mfa-device with a long-term key');
    expect(key?.faults.join()).toContain('the gateway let it through, and only the function refused');
  });

  it('fails if sessions with old MFA get by', async () => {
    const faults = failed(await findingsBehind(without('DenyUsersWithOldMfa')));
    expect(namesOf(faults)).toMatch(/^refused: every gated route with a session whose MFA is old \(\d+\)$/);
  });

  it('fails if federated users get by', async () => {
    const faults = failed(await findingsBehind(without('DenyAllBut')));
    expect(namesOf(faults)).toMatch(/^refused: every route with a federated user's session \(\d+\)$/);
  });

  it('fails if the functions do not check the path’s spelling', async () => {
    const invoke = async () => ({ payload: JSON.stringify({ statusCode: 200, body: '{}' }) });
    const faults = failed(await findingsBehind({ invoke }));
    expect(namesOf(faults)).toContain('spelled otherwise, with a long-term key');
  });

  it('fails if a method override gets past the gate', async () => {
    const invoke = async () => ({ payload: JSON.stringify({ statusCode: 200, body: '{}' }) });
    const onlyAsSent = JSON.parse(JSON.stringify(policy).replaceAll('/*/*/v1', '/*/GET/v1'));
    const faults = failed(await findingsBehind({ invoke, ...behindPolicy(onlyAsSent) }));
    expect(namesOf(faults)).toContain('every method override with a long-term key');
  });

  it('fails if no one is let in: refusing everyone proves nothing', async () => {
    const Statement = { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' } as const;
    const findings = await findingsBehind(behindPolicy({ ...policy, Statement }));
    expect(namesOf(failed(findings))).toContain('let in: create-mfa-device with recent MFA');
    expect(namesOf(unproven(findings))).toContain('refused: create-mfa-device with a long-term key');
  });
});

describe('verification through connections that break', () => {
  /** Passes connections on, and resets those whose request has an odd path. */
  async function resetting(use: (url: string) => Promise<void>): Promise<void> {
    const { port } = new URL(stack.apiUrl);
    const sockets = new Set<Socket>();
    const server = createServer();
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined));
      const upstream = connect(Number(port), '127.0.0.1');
      sockets.add(upstream.on('error', () => socket.destroy()));
      upstream.pipe(socket);
      socket.on('data', (data) => {
        const [line = ''] = data.toString('latin1').split('\r\n', 1);
        if (/%2f|\/\//i.test(line)) socket.resetAndDestroy();
        else upstream.write(data);
      });
    });
    const url = await listen(server, 0);
    await use(url);
    for (const socket of sockets) socket.destroy();
    await close(server);
  }

  it('counts them and goes on', async () => {
    await resetting(async (url) => {
      const subject = subjectOn(stack, 'admin', { url, operations: few, smoke: false });
      const findings = await findingsOf(subject, isAboutTheGate);
      expect(failed(findings)).toEqual([]);
      const spelled = findings.find(({ check }) =>
        check.includes('list-users, spelled otherwise, with a long'),
      );
      expect(spelled?.note).toMatch(/\d+ without an answer/);
    });
  });

  it('does not take silence at a gate for a refusal', async () => {
    const subject = subjectOn(stack, 'admin', { url: 'http://127.0.0.1:9', operations: few, smoke: false });
    const findings = await findingsOf(subject, ({ name }) => name.startsWith('refused: create-mfa-device'));
    expect(findings.filter(({ notChecked }) => notChecked === undefined)).toEqual([]);
    expect(summaryOf(findings).exitCode).toBe(2);
  });
});
