import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CreateVirtualMFADeviceCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { awsOf, explicitDeny } from '../../../demo/aws-clients.ts';
import { showAuditLines, showEvents } from '../../../demo/records.ts';
import { recovery } from '../../../demo/recovery.ts';
import { ScenarioRunner } from '../../../demo/scenario.ts';
import { outputOf } from '../../support/output.ts';
import { startTestStack, type TestStack } from '../../support/stack.ts';

const root = new URL('../../../', import.meta.url);

/** Runs the whole demo, with options for Node. */
async function run(...options: readonly string[]) {
  const path = fileURLToPath(new URL('demo/main.ts', root));
  const child = spawn(process.execPath, [...options, path], { env: {} });
  const output = outputOf(child);
  const [code] = await once(child, 'close');
  return { code, ...output };
}

/** Makes every call of one operation of the demo's local AWS fail from the first reset on. */
function failing(operation: string): string {
  const fault = JSON.stringify({ operation, error: 'ServiceFailure', times: 1000 });
  const code = `
    import { Faults } from ${JSON.stringify(new URL('local-aws/aws/faults.ts', root).href)};
    Faults.prototype.clear = function () { this.put(${fault}); };`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

const call =
  /^ {4}([A-Z]+ \/\S+|(?:iam|sts):\w+).*\n(?: {4}(?:signed|presigned|allows) .*\n)*(?: {4}(\d{3}.*))?$/gm;

/** The calls and the start of their answers, in order; a recovery's id, which varies, as `{id}`. */
const callsIn = (out: string) =>
  [...out.matchAll(call)].map(([, request = '', answer]) => {
    return `${request.replace(/(?<=\/recoveries\/)[a-z2-7]{26}/, '{id}')} → ${answer}`;
  });

/** The demo's output, story by story. */
const storiesIn = (out: string) => out.split(/(?=^Bob's phone is stolen)/m);

/** Starting every function is slow while other tests use the machine. */
const timeout = 180_000;

describe('npm run demo', { timeout }, () => {
  let told: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    told = await run();
  }, timeout);

  it('ends on its own once both stories are told', () => {
    const { code, out, err } = told;

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(storiesIn(out)).toHaveLength(2);
    expect(out).toContain('Every response was as the story expects.');
  });

  it('tells the whole story of self-service', () => {
    const [selfService = ''] = storiesIn(told.out);

    expect(callsIn(selfService)).toEqual([
      'GET /v1/me → 200',
      'POST /v1/me/first-mfa-device → 201',
      'PUT /v1/me/first-mfa-device/phone/activation → 200',
      'POST /v1/me/sessions → 409 device-not-ready',
      'POST /_local/clock → 200',
      'POST /v1/me/sessions → 201',
      'POST /v1/mfa-devices → 403 unauthenticated',
      'POST /v1/mfa-devices → 403 access-denied',
      'POST /v1/mfa-devices → 201',
      'PUT /v1/mfa-devices/tablet/activation → 200',
      'POST /v1/mfa-devices → 201',
      'PUT /v1/mfa-devices/laptop/activation → 200',
      'GET /v1/me/mfa-devices → 200',
      'POST /_local/clock → 200',
      'POST /v1/me/sessions → 422 invalid-authentication-code',
      'POST /v1/me/sessions → 201',
      'POST /v1/mfa-devices/laptop/resync → 200',
      'POST /_local/clock → 200',
      'POST /v1/me/sessions → 201',
      'POST /v1/mfa-devices/laptop/tags → 200',
      'DELETE /v1/mfa-devices/laptop/tags?key=asset → 204',
      'GET /v1/me/mfa-devices/laptop/tags → 200',
      'DELETE /v1/mfa-devices/laptop/activation → 204',
      'DELETE /v1/mfa-devices/laptop → 204',
      'DELETE /v1/mfa-devices/phone → 409 last-device',
      'GET /v1/me/mfa-devices → 200',
    ]);
  });

  it('tells the whole story of a recovery', () => {
    const [, recovered = ''] = storiesIn(told.out);

    expect(callsIn(recovered)).toEqual([
      'iam:PutUserPolicy → 200',
      'POST /v1/me/sessions → 201',
      'POST /v1/mfa-devices → 201',
      'POST /v1/ticketing/jira → 403 webhook-refused',
      'POST /v1/ticketing/jira → 200',
      'sts:AssumeRole → 200',
      'PUT /v1/recoveries/{id}/approval → 403 separation-of-duties',
      'sts:AssumeRole → 200',
      'GET /v1/recoveries/{id} → 200',
      'PUT /v1/recoveries/{id}/approval → 200',
      'GET /v1/me/mfa-devices → 200',
      'POST /v1/mfa-devices → 403 access-denied',
      'POST /_local/clock → 200',
      'POST /_local/run → 200',
      'GET /v1/recoveries/{id} → 200',
      'POST /v1/me/first-mfa-device → 403 enrolment-pass-required',
      'iam:ListAttachedUserPolicies → 200',
      'iam:CreateVirtualMFADevice → 403 AccessDenied',
      'iam:EnableMFADevice → 403 AccessDenied',
      'POST /v1/recoveries/{id}/enrolment-pass → 201',
      'POST /v1/me/first-mfa-device → 201',
      'PUT /v1/me/first-mfa-device/new-phone/activation → 200',
      'iam:ListAttachedUserPolicies → 200',
      'POST /_local/clock → 200',
      'POST /v1/me/sessions → 201',
      'PATCH /v1/mfa-devices/new-phone → 200',
      'GET /_local/events → 200',
    ]);
  });

  it('links the audit lines of a recovery to its steps', () => {
    const [, recovered = ''] = storiesIn(told.out);

    const lines = recovered.matchAll(
      /^ {6}[\d:]{8} {2}(\S+) +(\S.*?) {2,}(\w+) +[\da-f-]{36}(?: +(\d+))?$/gm,
    );

    expect([...lines].map(([, ...cells]) => cells.filter(Boolean).join(' '))).toEqual([
      'issue-session bob done 2',
      'start-enrolment bob done 3',
      'request-recovery jira refused 4',
      'request-recovery pia done 5',
      'approve-recovery pia refused 7',
      'approve-recovery pat done 10',
      'execute-recovery the service incomplete',
      'execute-recovery the service done',
      'start-enrolment bob refused 16',
      'issue-enrolment-pass pat done 20',
      'start-enrolment bob done 21',
      'finish-enrolment bob done 22',
      'issue-session bob done 25',
      'label-device bob done 26',
    ]);
  });

  it('shows the QR code, but only the start of session tokens and secret keys', () => {
    const { out } = told;

    // Two finder patterns side by side; no colours or other escapes, since this is not a terminal.
    expect(out).toMatch(/█▀▀▀▀▀█ .* █▀▀▀▀▀█/);
    expect(out).not.toContain('\u001B');
    const secrets = [...out.matchAll(/(?:sessionToken|secretAccessKey) +(.+)/g)].map(([, shown]) => shown);
    expect(secrets).toHaveLength(10);
    for (const shown of secrets) expect(shown).toMatch(/^\S{8}… \(\d+ characters\)$/);
    expect(out).not.toContain('X-Amz-Signature');
  });

  it('stops at the first unexpected answer, names it and fails', async () => {
    const { code, out, err } = await run(failing('TagMFADevice'));

    expect(code).toBe(1);
    expect(err).toContain(
      'The story ends early at step 20 ("She tags the laptop."): it expects success, ' +
        'but POST /v1/mfa-devices/laptop/tags answered 502 upstream-failed: ',
    );
    expect(callsIn(out).at(-1)).toBe('POST /v1/mfa-devices/laptop/tags → 502 upstream-failed');
    expect(out).not.toContain('Every response was as the story expects.');
  });

  it('fails if the story expects another refusal', async () => {
    const { code, err } = await run(failing('GetSessionToken'));

    expect(code).toBe(1);
    expect(err).toMatch(/at step 4 \(.+\): it expects device-not-ready, but POST \/v1\/me\/sessions /);
  });
});

describe('a scenario runner', { timeout }, () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
  }, timeout);
  afterEach(() => stack.reset());
  afterAll(() => stack.close());

  const tellerOf = (lines: string[] = []) => new ScenarioRunner(stack, (line) => lines.push(line));

  const sentence = 'Carol creates a device.';
  const create = (runner: ScenarioRunner) => () =>
    runner.accessKeyOf('carol').client.createFirstMfaDevice({ name: 'phone' });

  it.each<[string, (runner: ScenarioRunner) => Promise<unknown>, string]>([
    [
      'other content',
      (runner) => runner.succeeds(sentence, create(runner), { holds: () => false }),
      'expects other content, but POST /v1/me/first-mfa-device answered 201.',
    ],
    [
      'a refusal',
      (runner) => runner.isRefused(sentence, create(runner), { code: 'first-device-only' }),
      'expects first-device-only, but POST /v1/me/first-mfa-device answered 201.',
    ],
  ])('stops where the story expects %s, and reveals no secret', async (_, step, message) => {
    const lines: string[] = [];
    const failure = await step(tellerOf(lines)).catch(String);

    expect(failure).toContain('The story ends early at step 1 ("Carol creates a device.")');
    expect(failure).toContain(message);
    const [phone] = stack.account.devices.all().slice(-1);
    expect(phone?.serialNumber).toContain('/carol/phone');
    expect([failure, ...lines].join('\n')).not.toContain(phone?.seed);
  });

  it('stops where the story expects success or another refusal', async () => {
    const runner = tellerOf();
    const remove = () => runner.accessKeyOf('carol').client.deleteMfaDevice({ deviceId: 'none' });

    const failures = [
      await runner.succeeds('Carol deletes.', remove).catch(String),
      await runner.isRefused('Carol deletes.', remove, { code: 'last-device' }).catch(String),
    ];

    const answered = 'but DELETE /v1/mfa-devices/none answered 403 access-denied: Your policies';
    expect(failures).toEqual([
      expect.stringContaining(`at step 1 ("Carol deletes."): it expects success, ${answered}`),
      expect.stringContaining(`at step 2 ("Carol deletes."): it expects last-device, ${answered}`),
    ]);
  });

  it('stops where AWS fails a step', async () => {
    stack.faults.put({ operation: 'PutUserPolicy', error: 'ServiceFailure', times: 1 });

    const failure = await recovery.tell(tellerOf()).catch(String);

    expect(failure).toMatch(
      /ends early at step 1 \(.+\): it expects success, but iam:PutUserPolicy answered 500 ServiceFailureException: /,
    );
  });

  const createAtIam = (runner: ScenarioRunner, userName: string) => () =>
    awsOf(runner, runner.accessKeyOf(userName)).iam.send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }),
    );

  it.each<[string, (runner: ScenarioRunner) => Promise<unknown>, string]>([
    [
      'an explicit deny, but only a permission is missing',
      (runner) => runner.isRefused('Carol creates.', createAtIam(runner, 'carol'), explicitDeny),
      'with an explicit deny in an identity-based policy", but iam:CreateVirtualMFADevice answered 403 AccessDenied: ',
    ],
    [
      'an explicit deny, but the call succeeds',
      (runner) => runner.isRefused('The administrator creates.', createAtIam(runner, 'admin'), explicitDeny),
      'but iam:CreateVirtualMFADevice answered 200.',
    ],
    [
      'a mail that was not sent',
      (runner) => showEvents(runner, 'Bob gets a mail.', [{ type: 'MFA Device Enabled', mailTo: 'bob@x' }]),
      'expects MFA Device Enabled bob@x, but GET /_local/events answered with nothing.',
    ],
    [
      'an audit line that was not written',
      async (runner) => showAuditLines(runner, 'Logged.', { lines: ['tag-device bob done'], eventsOf: [] }),
      "expects tag-device bob done, but the functions' log answered with nothing.",
    ],
    [
      'an audit line for every event, but one has none',
      async (runner) => showAuditLines(runner, 'Logged.', { lines: [], eventsOf: ['4711'] }),
      "expects a line for every event, but the functions' log answered with none for 4711.",
    ],
  ])('stops where it expects %s', async (_, step, message) => {
    const failure = await step(tellerOf()).catch(String);

    expect(failure).toContain(message);
  });
});
