import { enrolmentHoldName } from '../infra/template/resource-names.ts';
import { deployment } from '../local-aws/deployment.ts';
import { approveRecovery } from '../shared/contract/operations/approve-recovery.ts';
import { getRecovery } from '../shared/contract/operations/get-recovery.ts';
import { issueEnrolmentPass } from '../shared/contract/operations/issue-enrolment-pass.ts';
import { listMfaDevices } from '../shared/contract/operations/list-mfa-devices.ts';
import { receiveTicket } from '../shared/contract/operations/receive-ticket.ts';
import { updateMfaDevice } from '../shared/contract/operations/update-mfa-device.ts';
import { nothing } from '../shared/contract/schemas.ts';
import { Authenticator } from './authenticator.ts';
import { assumeRole, hasPolicies, mayNotCreate, mayNotEnable, putUserPolicy } from './aws-steps.ts';
import { jiraWebhookHeaders } from './jira-webhook.ts';
import { whatWasLogged, whatWasTold } from './records.ts';
import { accessKeyOf, type ScenarioRunner, type Signer, type Story } from './scenario.ts';
import { createDevice, enableDevice, getSession, type Sts } from './steps.ts';

const accessKey = accessKeyOf('bob');

/** Of the phone that bob has from the beginning. */
const phoneSeed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const selfServicePolicyName = `mfa-self-service-${deployment.stage}-SelfService`;

/** All that happens from the loss of a device until its user has another one. */
export const recovery: Story = {
  title: 'Bob loses his phone to a thief',
  async tell(runner) {
    const sts = { signer: accessKey, endpoint: runner.awsUrl };
    const session = await getBobsSession(runner, sts);
    const thiefsDevice = await losePhone(runner, session);
    const recoveryId = await sendTicket(runner);
    const pat = await decide(runner, recoveryId);
    await execute(runner, recoveryId, pat);
    await meetTheHold(runner, session, thiefsDevice);
    await enrolAgain(runner, sts, recoveryId, pat);
    await readRecords(runner);
  },
};

async function getBobsSession(runner: ScenarioRunner, sts: Sts): Promise<Signer> {
  runner.printer.chapter('A phone is stolen');
  const serialNumber = `arn:aws:iam::${deployment.accountId}:mfa/self-service/bob/phone`;
  const phone = new Authenticator({ serialNumber, base32Seed: phoneSeed }, runner.now);
  // Without it there would be nothing for the hold to deny.
  await putUserPolicy(runner, 'As in many companies, bob may also manage MFA devices at IAM itself.', {
    UserName: 'bob',
    PolicyName: 'own-mfa-devices',
    allowed: ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'],
  });
  return getSession(runner, 'With his phone bob gets a session, as he does every morning.', sts, phone);
}

/** Gives the device whose seed a thief knows. */
async function losePhone(runner: ScenarioRunner, session: Signer): Promise<Authenticator> {
  return createDevice(runner, {
    sentence:
      "The phone is stolen, and with it bob's access key and open session. The thief begins to enrol a device of his own.",
    signer: session,
    route: 'POST /v1/mfa-devices',
    body: { name: 'spare' },
  });
}

/** Gives the id of the recovery. */
async function sendTicket(runner: ScenarioRunner): Promise<string> {
  runner.printer.chapter('The ticket');
  const ticket = {
    // Signatures go by real time, whatever the local clock shows.
    timestamp: Date.now(),
    ticket: { id: 'DESK-17' },
    userName: 'bob',
    reason: 'stolen',
    requestedBy: 'pia',
  };
  const headers = jiraWebhookHeaders(JSON.stringify(ticket), 'local-ticketing-secret');
  const webhook = {
    headers,
    note: `signed as Jira does: X-Hub-Signature: ${headers['x-hub-signature'].slice(0, 23)}…`,
    route: 'POST /v1/ticketing/jira',
  } as const;
  await runner.isRefused({
    sentence:
      'Bob calls the help desk, where pia makes sure that it is he, and writes a ticket. Jira sends a signed webhook. With one letter changed on the way it is refused.',
    ...webhook,
    body: { ...ticket, userName: 'rob' },
    code: 'webhook-refused',
  });
  const { recoveryId } = await runner.succeeds({
    sentence: 'As Jira signed it, it asks for a recovery. More than ask it cannot.',
    ...webhook,
    body: ticket,
    status: 200,
    answer: receiveTicket.output,
    shows: ({ recoveryId }) => ({ recoveryId }),
  });
  return recoveryId;
}

/** Gives the session of the approver. */
async function decide(runner: ScenarioRunner, recoveryId: string): Promise<Signer> {
  runner.printer.chapter('Two people');
  const roleName = 'mfa-approver';
  const pia = await assumeRole(runner, 'Pia may approve recoveries, in a role that she assumes at STS.', {
    userName: 'pia',
    roleName,
  });
  await runner.isRefused({
    sentence: 'But she may not approve this one, which she asked for herself.',
    signer: pia,
    route: `PUT /v1/recoveries/${recoveryId}/approval`,
    code: 'separation-of-duties',
  });
  const pat = await assumeRole(runner, 'Pat may approve, too. The role wants her own name for its session.', {
    userName: 'pat',
    roleName,
  });
  await showRecovery(runner, 'Pat looks at what is asked for.', { recoveryId, pat, state: 'requested' });
  await runner.succeeds({
    sentence: 'She calls bob back, and approves.',
    signer: pat,
    route: `PUT /v1/recoveries/${recoveryId}/approval`,
    status: 200,
    answer: approveRecovery.output,
    holds: ({ state }) => state === 'approved',
    shows: ({ state, approvals: [approval] }) => ({ state, approvedBy: approval?.by }),
  });
  return pat;
}

async function execute(runner: ScenarioRunner, recoveryId: string, pat: Signer): Promise<void> {
  runner.printer.chapter('The execution');
  await runner.eventually({
    sentence:
      "A function that no route reaches does the rest. Soon bob's phone is no device of his any more, nor is what the thief began.",
    signer: accessKey,
    route: 'GET /v1/me/mfa-devices',
    status: 200,
    answer: listMfaDevices.output,
    holds: ({ items }) => items.length === 0,
    shows: ({ items }) => ({ devices: items.length }),
  });
  await runner.letTimePass(
    61,
    'Since the phone was stolen, sessions are to end too; but STS goes by a device for some seconds after it is gone. A minute passes.',
  );
  await runner.controls({
    sentence: 'Every minute a schedule looks for what is left to be done; here by hand.',
    route: 'POST /_local/run',
    body: { function: 'execute-recoveries' },
    status: 200,
    answer: nothing,
  });
  await showRecovery(runner, 'The recovery is executed.', { recoveryId, pat, state: 'executed' });
}

async function meetTheHold(runner: ScenarioRunner, session: Signer, device: Authenticator): Promise<void> {
  runner.printer.chapter('What the thief has left');
  await runner.isRefused({
    sentence: "Bob's session is worth nothing any more, though it would go on for most of an hour.",
    signer: session,
    route: 'POST /v1/mfa-devices',
    body: { name: 'other' },
    code: 'access-denied',
  });
  await runner.isRefused({
    sentence:
      'His access key alone may enrol a first device, and he has none now. But after a recovery that takes a pass.',
    signer: accessKey,
    route: 'POST /v1/me/first-mfa-device',
    body: { name: 'spare' },
    code: 'enrolment-pass-required',
  });
  await hasPolicies(runner, 'IAM knows nothing of passes, so a policy holds bob there.', 'bob', [
    selfServicePolicyName,
    enrolmentHoldName(deployment.stage),
  ]);
  await mayNotCreate(
    runner,
    'It denies his access key, whoever has it, to create a device at IAM itself.',
    accessKey,
    'spare',
  );
  const thiefs = { UserName: 'bob', device };
  await mayNotEnable(
    runner,
    'Nor can the device be enabled there whose seed the thief knows.',
    accessKey,
    thiefs,
  );
}

async function enrolAgain(runner: ScenarioRunner, sts: Sts, recoveryId: string, pat: Signer): Promise<void> {
  runner.printer.chapter('A new phone');
  const { enrolmentPass: pass } = await runner.succeeds({
    sentence: 'Bob comes by with his badge, and pat gets a pass for him. It is shown once.',
    signer: pat,
    route: `POST /v1/recoveries/${recoveryId}/enrolment-pass`,
    status: 201,
    answer: issueEnrolmentPass.output,
    shows: ({ enrolmentPass, expiresAt }) => ({ enrolmentPass, expiresAt }),
  });
  const phone = await createDevice(runner, {
    sentence: 'With the pass and his access key bob creates a device.',
    signer: accessKey,
    route: 'POST /v1/me/first-mfa-device',
    body: { name: 'new-phone', pass },
  });
  await enableDevice(runner, {
    sentence: 'He enables it with two codes and the same pass, which ends the recovery.',
    signer: accessKey,
    route: 'PUT /v1/me/first-mfa-device/new-phone/activation',
    body: { ...phone.consecutiveCodes(), pass },
  });
  await hasPolicies(runner, 'The hold is gone.', 'bob', [selfServicePolicyName]);
  await runner.letTimePass(30, 'Half a minute later STS knows the new phone.');
  const session = await getSession(runner, 'Bob gets a session with it.', sts, phone);
  await runner.succeeds({
    sentence: 'It lets him look after his devices as before.',
    signer: session,
    route: 'PATCH /v1/mfa-devices/new-phone',
    body: { label: 'The one with the crack' },
    status: 200,
    answer: updateMfaDevice.output,
    shows: ({ id, label, status }) => ({ id, label, status }),
  });
}

async function readRecords(runner: ScenarioRunner): Promise<void> {
  runner.printer.chapter('What the others know');
  const mailTo = 'bob@example.com';
  const eventsOf = await whatWasTold(
    runner,
    'Every change is an event on EventBridge, which the operators get by SNS. What concerns his factors bob gets as a mail.',
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
    "The functions' audit lines tell it all, attempts too (incomplete: the execution had a minute to wait). An answer's request id leads to its line; here, each line to its step above.";
  whatWasLogged(runner, sentence, { lines: auditLines, eventsOf });
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

async function showRecovery(
  runner: ScenarioRunner,
  sentence: string,
  {
    recoveryId,
    pat,
    state: expected,
  }: { readonly recoveryId: string; readonly pat: Signer; readonly state: string },
): Promise<void> {
  await runner.succeeds({
    sentence,
    signer: pat,
    route: `GET /v1/recoveries/${recoveryId}`,
    status: 200,
    answer: getRecovery.output,
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
