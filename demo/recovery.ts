import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListAttachedUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { enrolmentHoldName } from '../infra/template/resource-names.ts';
import { seededSeeds } from '../local-aws/aws/seed.ts';
import { deployment } from '../local-aws/deployment.ts';
import { Authenticator } from './authenticator.ts';
import { awsOf, explicitDeny } from './aws-clients.ts';
import { jiraWebhookHeaders } from './jira-webhook.ts';
import { showAuditLines, showEvents } from './records.ts';
import type { PlainRequest, ScenarioRunner, Signer, Story } from './scenario.ts';
import { createDevice, enableDevice, getSession } from './steps.ts';

const selfServicePolicyName = `mfa-self-service-${deployment.stage}-SelfService`;

/** Everything from the loss of a device until its user has another one. */
export const recovery: Story = {
  title: "Bob's phone is stolen",
  async tell(runner) {
    const bob = runner.accessKeyOf('bob');
    const session = await getBobsSession(runner, bob);
    const thiefDevice = await losePhone(runner, session);
    const recoveryId = await sendTicket(runner);
    const pat = await decide(runner, recoveryId);
    await execute(runner, bob, session, pat, recoveryId);
    await tryWhatTheThiefHas(runner, bob, thiefDevice);
    await enrolAgain(runner, bob, pat, recoveryId);
    await readRecords(runner);
  },
};

async function getBobsSession(runner: ScenarioRunner, bob: Signer): Promise<Signer> {
  runner.printer.chapter('The theft');
  const serialNumber = `arn:aws:iam::${deployment.accountId}:mfa/self-service/bob/phone`;
  const phone = new Authenticator({ serialNumber, base32Seed: seededSeeds.phone }, runner.now);
  // Without this policy there would be nothing for the hold to deny.
  const allowed = ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'];
  const Statement = { Effect: 'Allow', Action: allowed, Resource: '*' };
  const policy = {
    UserName: 'bob',
    PolicyName: 'own-mfa-devices',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  };
  const { iam } = awsOf(runner, runner.accessKeyOf('admin'));
  await runner.succeeds(
    'As in many companies, Bob may also manage MFA devices in IAM directly.',
    () => iam.send(new PutUserPolicyCommand(policy)),
    { note: `allows ${allowed.join(' and ')}` },
  );
  return getSession(runner, 'Bob gets a session with the phone, as every morning.', bob, phone);
}

/** Returns the device whose seed the thief knows. */
function losePhone(runner: ScenarioRunner, { client }: Signer): Promise<Authenticator> {
  return createDevice(
    runner,
    "The phone is stolen, with Bob's access key and current session. The thief begins to enrol another device.",
    () => client.createMfaDevice({ name: 'spare' }),
  );
}

/** Returns the recovery's id. */
async function sendTicket(runner: ScenarioRunner): Promise<string> {
  runner.printer.chapter('The ticket');
  const ticket = {
    // Signatures use real time, whatever the local clock shows.
    timestamp: Date.now(),
    ticket: { id: 'DESK-17' },
    userName: 'bob',
    reason: 'stolen',
    requestedBy: 'pia',
  };
  const headers = jiraWebhookHeaders(JSON.stringify(ticket), 'local-ticketing-secret');
  const note = `signed as Jira does: X-Hub-Signature: ${headers['x-hub-signature'].slice(0, 23)}…`;
  const webhook = (body: object): PlainRequest => ({ route: 'POST /v1/ticketing/jira', headers, body });
  await runner.isRefused(
    'Bob calls the help desk, where Pia verifies the caller and writes a ticket. Jira sends a signed webhook. ' +
      'With one letter changed in transit, it is refused.',
    () => runner.send(webhook({ ...ticket, userName: 'rob' }), z.unknown()),
    { code: 'webhook-refused', note },
  );
  const { recoveryId } = await runner.succeeds(
    'As Jira signed it, it requests a recovery. Requesting is all it can do.',
    () => runner.send(webhook(ticket), z.object({ recoveryId: z.string() })),
    { note, shows: (answer) => answer },
  );
  return recoveryId;
}

/** Returns the approver's session. */
async function decide(runner: ScenarioRunner, recoveryId: string): Promise<Signer> {
  runner.printer.chapter('Two people');
  const pia = await becomeApprover(runner, 'Pia may approve recoveries, in a role that she assumes.', 'pia');
  await runner.isRefused(
    'But she may not approve this one, since she requested it.',
    () => pia.client.approveRecovery({ recoveryId }),
    { code: 'separation-of-duties' },
  );
  const pat = await becomeApprover(
    runner,
    'Pat may approve, too. The role session must have her name.',
    'pat',
  );
  await isRecovery(runner, 'Pat looks at the request.', pat, { recoveryId, state: 'requested' });
  await runner.succeeds(
    'She calls Bob back and approves.',
    () => pat.client.approveRecovery({ recoveryId }),
    {
      holds: ({ state }) => state === 'approved',
      shows: ({ state, approvals: [approval] }) => ({ state, approvedBy: approval?.by }),
    },
  );
  return pat;
}

/** Returns a session of the role, named after the user. */
async function becomeApprover(runner: ScenarioRunner, sentence: string, userName: string): Promise<Signer> {
  const { sts } = awsOf(runner, runner.accessKeyOf(userName));
  const RoleArn = `arn:${deployment.partition}:iam::${deployment.accountId}:role/mfa-approver`;
  const { Credentials } = await runner.succeeds(
    sentence,
    () => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: userName })),
    {
      shows: ({ AssumedRoleUser, Credentials }) => ({
        Arn: AssumedRoleUser?.Arn,
        AccessKeyId: Credentials?.AccessKeyId,
        Expiration: Credentials?.Expiration?.toISOString(),
      }),
    },
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return runner.signer(`${userName}'s session of the role mfa-approver`, keys);
}

async function execute(
  runner: ScenarioRunner,
  bob: Signer,
  session: Signer,
  pat: Signer,
  recoveryId: string,
): Promise<void> {
  runner.printer.chapter('The execution');
  await runner.succeeds(
    "A function without a route does the rest. Bob's phone is no longer an MFA device, nor is the one the thief began.",
    async () => {
      await runner.settled();
      return bob.client.listMfaDevices();
    },
    {
      holds: ({ items }) => items.length === 0,
      shows: ({ items }) => ({ devices: items.length }),
    },
  );
  await runner.isRefused(
    "The first thing it did was to put Bob on hold. Bob's session no longer works, though it would have lasted most of " +
      'another hour.',
    () => session.client.createMfaDevice({ name: 'other' }),
    { code: 'access-denied' },
  );
  await runner.letTimePass(
    61,
    'Since the phone was stolen, sessions have to end for good, and STS still accepts a device for some seconds after ' +
      'its removal. A minute passes.',
  );
  const run = { route: 'POST /_local/run', body: { function: 'execute-recoveries' } } as const;
  await runner.succeeds(
    'Every minute, a schedule runs the function to finish what is left. Here we run it by hand.',
    () => runner.send(run, z.unknown()),
  );
  await isRecovery(runner, 'The recovery has been executed.', pat, { recoveryId, state: 'executed' });
}

async function tryWhatTheThiefHas(runner: ScenarioRunner, bob: Signer, device: Authenticator): Promise<void> {
  runner.printer.chapter('What the thief has left');
  await runner.isRefused(
    'Bob has no device now, so the access key alone could enrol a first one. But after a recovery, that needs a pass.',
    () => bob.client.createFirstMfaDevice({ name: 'spare' }),
    { code: 'enrolment-pass-required' },
  );
  await hasPolicies(runner, 'IAM knows nothing about passes, so a policy guards enrolment there: the hold.', [
    selfServicePolicyName,
    enrolmentHoldName(deployment.stage),
  ]);
  const { iam } = awsOf(runner, bob);
  await runner.isRefused(
    'It prevents whoever has the access key from creating a device in IAM directly.',
    () => iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'spare' })),
    explicitDeny,
  );
  const { code1, code2 } = device.consecutiveCodes();
  const codes = { AuthenticationCode1: code1, AuthenticationCode2: code2 };
  const SerialNumber = device.serialNumber;
  await runner.isRefused(
    'Nor can the thief enable the device whose seed they know.',
    () => iam.send(new EnableMFADeviceCommand({ UserName: 'bob', SerialNumber, ...codes })),
    explicitDeny,
  );
}

async function enrolAgain(
  runner: ScenarioRunner,
  bob: Signer,
  pat: Signer,
  recoveryId: string,
): Promise<void> {
  runner.printer.chapter('A new phone');
  const { enrolmentPass: pass } = await runner.succeeds(
    'Bob comes by with a badge, and Pat hands over a pass. It is shown only once.',
    () => pat.client.issueEnrolmentPass({ recoveryId }),
    { shows: ({ enrolmentPass, expiresAt }) => ({ enrolmentPass, expiresAt }) },
  );
  const phone = await createDevice(runner, 'With the pass and the access key, Bob creates a device.', () =>
    bob.client.createFirstMfaDevice({ name: 'new-phone', pass }),
  );
  await enableDevice(runner, 'Two codes and the same pass enable it, which ends the recovery.', () =>
    bob.client.enableFirstMfaDevice({ deviceId: 'new-phone', ...phone.consecutiveCodes(), pass }),
  );
  await hasPolicies(runner, 'The hold is gone.', [selfServicePolicyName]);
  await runner.letTimePass(30, 'Half a minute later, STS knows the new phone.');
  const { client } = await getSession(runner, 'Bob gets a session with it.', bob, phone);
  await runner.succeeds(
    'With it, Bob can manage devices as before.',
    () => client.updateMfaDevice({ deviceId: 'new-phone', label: 'The one with the crack' }),
    { shows: ({ id, label, status }) => ({ id, label, status }) },
  );
}

async function readRecords(runner: ScenarioRunner): Promise<void> {
  runner.printer.chapter('What the others know');
  const mailTo = 'bob@example.com';
  const eventsOf = await showEvents(
    runner,
    'Every change is an event on EventBridge, which the operators receive through SNS. Bob also gets a mail about ' +
      'every change of factors.',
    [
      { type: 'MFA Device Enrolment Started', mailTo: '' },
      { type: 'MFA Recovery Requested', mailTo },
      { type: 'MFA Recovery Approved', mailTo },
      { type: 'MFA Recovery Executing', mailTo: '' },
      { type: 'MFA Recovery Executed', mailTo },
      { type: 'MFA Enrolment Pass Issued', mailTo },
      { type: 'MFA Device Enrolment Started', mailTo: '' },
      { type: 'MFA Device Enabled', mailTo },
      { type: 'MFA Device Labelled', mailTo: '' },
    ],
  );
  const sentence =
    "The functions' audit lines record everything, even failed attempts (incomplete: the execution had to wait a " +
    "minute). A response's request id leads to its line; here, each line leads to its step above.";
  showAuditLines(runner, sentence, { lines: auditLines, eventsOf });
}

const auditLines = [
  'issue-session bob done',
  'start-enrolment bob done',
  'request-recovery jira refused',
  'request-recovery pia done',
  'approve-recovery pia refused',
  'approve-recovery pat done',
  'execute-recovery the service incomplete',
  'execute-recovery the service done',
  'start-enrolment bob refused',
  'issue-enrolment-pass pat done',
  'start-enrolment bob done',
  'finish-enrolment bob done',
  'issue-session bob done',
  'label-device bob done',
];

/** Checks that exactly these policies are attached to Bob. */
async function hasPolicies(
  runner: ScenarioRunner,
  sentence: string,
  expected: readonly string[],
): Promise<void> {
  const { iam } = awsOf(runner, runner.accessKeyOf('admin'));
  await runner.succeeds(
    sentence,
    async () => {
      const command = new ListAttachedUserPoliciesCommand({ UserName: 'bob' });
      const { AttachedPolicies = [] } = await iam.send(command);
      return AttachedPolicies.map(({ PolicyName = '' }) => PolicyName);
    },
    {
      holds: (names) => String(names.toSorted()) === String(expected.toSorted()),
      shows: (names) => ({ AttachedPolicies: names.join(', ') }),
    },
  );
}

async function isRecovery(
  runner: ScenarioRunner,
  sentence: string,
  pat: Signer,
  { recoveryId, state: expected }: { readonly recoveryId: string; readonly state: string },
): Promise<void> {
  await runner.succeeds(sentence, () => pat.client.getRecovery({ recoveryId }), {
    holds: ({ state, devices }) => state === expected && String(devices.map(({ id }) => id)) === 'phone',
    shows: ({ state, userName, reason, ticket, requestedBy, devices, executedAt }) => ({
      state,
      userName,
      reason,
      ticket: `${ticket.id} (${ticket.system})`,
      requestedBy,
      devices: devices.map(({ serialNumber }) => serialNumber).join(', '),
      executedAt,
    }),
  });
}
