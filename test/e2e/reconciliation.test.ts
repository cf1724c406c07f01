import {
  AttachUserPolicyCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DetachUserPolicyCommand,
  EnableMFADeviceCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { localFunctionName } from '../../local-aws/deployment.ts';
import { useApi } from '../support/e2e.ts';
import { bobsPhone, codesNow, createFurther, type Enrolled, stepUp } from '../support/e2e-flows.ts';
import { rawFetch } from '../support/http.ts';
import { hindrances, holdArn } from '../support/recovered.ts';
import { executed, helpDesk, sessionNamed } from '../support/recovery-flows.ts';
import type { SigningKeys } from '../support/sign.ts';
import { userKeys } from '../support/stack.ts';
import { underLease } from '../support/under-lease.ts';

const api = useApi();

const iamOf = (credentials: SigningKeys) =>
  new IAMClient({ endpoint: api.stack.awsUrl, region: 'us-east-1', credentials, maxAttempts: 1 });
const admin = () => iamOf(userKeys('admin'));
const hold = (UserName = 'bob') => ({ UserName, PolicyArn: holdArn });
const attach = (UserName?: string) => admin().send(new AttachUserPolicyCommand(hold(UserName)));
const detach = (UserName?: string) => admin().send(new DetachUserPolicyCommand(hold(UserName)));

/** Runs the executor as its schedule does, and returns its log lines. */
async function sweep() {
  const from = api.stack.lambda.logs.length;
  const body = JSON.stringify({ function: 'execute-recoveries' });
  expect((await rawFetch(api.stack.awsUrl, 'POST', '/_local/run', {}, body)).status).toBe(200);
  const lines = () =>
    api.stack.lambda.logs
      .slice(from)
      .filter(({ functionName }) => functionName === localFunctionName('execute-recoveries'))
      .map(({ line }): Record<string, unknown> => JSON.parse(line));
  await expect.poll(() => lines().at(-1)).toMatchObject({ message: 'run' });
  return lines();
}

const changesIn = (lines: readonly Record<string, unknown>[]) =>
  lines.filter(({ action }) => action === 'reconcile-hold').map(({ result, changes }) => [result, changes]);

/** Takes bob's devices and returns what he enrols again, pending, with his pass. */
async function recoverAndCreate() {
  const id = await executed(api);
  const { pia } = await helpDesk(api);
  const issued = await api.fetch(pia, 'POST', `/v1/recoveries/${id}/enrolment-pass`);
  const { enrolmentPass: pass } = issued.json();
  const answer = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', { name: 'new', pass });
  expect(answer.status, answer.text).toBe(201);
  const { serialNumber, base32Seed: seed } = answer.json();
  return { id, pass, device: { name: 'new', serialNumber, seed } };
}

const activate = (device: Enrolled, pass: string) =>
  api.fetch('bob', 'PUT', `/v1/me/first-mfa-device/${device.name}/activation`, {
    ...codesNow(api, device.seed),
    pass,
  });

/** The whole story, from the recovery to bob's new device. */
async function recoverAndEnrol() {
  const { device, pass, id } = await recoverAndCreate();
  const answer = await activate(device, pass);
  expect(answer.status, answer.text).toBe(200);
  expect(await hindrances(api, 'bob')).toEqual({ held: false });
  api.stack.clock.advance(60);
  return { device, id };
}

const enableAtIam = (iam: IAMClient, { serialNumber, seed }: Omit<Enrolled, 'name'>) => {
  const { code1, code2 } = codesNow(api, seed);
  return iam.send(
    new EnableMFADeviceCommand({
      UserName: 'bob',
      SerialNumber: serialNumber,
      AuthenticationCode1: code1,
      AuthenticationCode2: code2,
    }),
  );
};

describe('a hold without a guard', () => {
  it('that was attached after it had been lifted goes with the next sweep', async () => {
    const { id } = await recoverAndEnrol();
    await attach();

    const lines = await sweep();

    expect(await hindrances(api, 'bob')).toEqual({ held: false });
    await createFurther(api, stepUp(api, 'bob'), 'tablet');
    expect(lines.find(({ action }) => action === 'reconcile-hold')).toMatchObject({
      ...{ audit: true, result: 'done', changes: ['DetachUserPolicy'] },
      ownerId: api.stack.account.users.get('bob').userId,
      recovery: { id, state: 'executed', userName: 'bob' },
    });
    expect(lines.at(-1)).toMatchObject({ mended: 1, unexplained: 0, HoldsMended: 1 });
    expect((await sweep()).at(-1)).toMatchObject({ mended: 0, unexplained: 0 });
  });

  it('that IAM has again since it lost its last changes goes with the next sweep', async () => {
    const { device } = await recoverAndEnrol();
    await attach();
    await admin().send(
      new DeactivateMFADeviceCommand({ UserName: 'bob', SerialNumber: device.serialNumber }),
    );

    await sweep();

    expect(await hindrances(api, 'bob')).toEqual({ held: false });
    expect((await activate(device, 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA')).status).not.toBe(500);
  });

  it('that no recovery explains stays, and is told', async () => {
    await attach('alice');

    const lines = await sweep();

    expect((await hindrances(api, 'alice')).held).toBe(true);
    expect(lines).toContainEqual(
      expect.objectContaining({
        ...{ level: 'WARN', message: 'hold unexplained' },
        ownerId: api.stack.account.users.get('alice').userId,
      }),
    );
    expect(lines.at(-1)).toMatchObject({ mended: 0, unexplained: 1 });
  });

  it('stays while the user’s lease is taken', async () => {
    await recoverAndEnrol();
    await attach();
    const duringChange = await underLease(api, 'bob', () => sweep());

    expect(changesIn(duringChange)).toEqual([]);
    expect(duringChange.at(-1)).not.toHaveProperty('Problems');
    expect(changesIn(await sweep())).toEqual([['done', ['DetachUserPolicy']]]);
  });
});

describe('a guard without a hold', () => {
  it('gets it back, so that nobody enrols around this API', async () => {
    await executed(api);
    const bob = api.stack.account.users.get('bob');
    const Statement = { Effect: 'Allow', Action: 'iam:*', Resource: '*' };
    const document = JSON.stringify({ Version: '2012-10-17', Statement });
    bob.inlinePolicies = [{ name: 'administrator', document }];
    await detach();
    const thief = iamOf(userKeys('bob'));
    const created = await thief.send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'evil', Path: '/' }),
    );
    const { SerialNumber: serialNumber = '', Base32StringSeed = [] } = created.VirtualMFADevice ?? {};
    const seed = Buffer.from(Base32StringSeed).toString();
    api.secrets.note('seed', seed);
    api.stack.clock.advance(301);

    const lines = await sweep();

    expect(changesIn(lines)).toEqual([['done', ['AttachUserPolicy']]]);
    expect(await hindrances(api, 'bob')).toMatchObject({ held: true, guard: {} });
    await expect(enableAtIam(thief, { serialNumber, seed })).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('is lifted if the device of the pass is active: only the last step was missing', async () => {
    const { device } = await recoverAndCreate();
    // IAM's times are whole seconds.
    api.stack.clock.advance(60);
    await enableAtIam(admin(), device);
    await detach();
    api.stack.clock.advance(301);

    const lines = await sweep();

    expect(changesIn(lines)).toEqual([['done', ['LiftGuard']]]);
    expect(await hindrances(api, 'bob')).toEqual({ held: false });
    expect(api.activeDevices('bob')).toEqual([device.serialNumber]);
  });

  it('gets it back if another device is active', async () => {
    await executed(api);
    await detach();
    const { devices, users } = api.stack.account;
    const evil = devices.createVirtual('arn:aws:iam::123456789012:mfa/evil', []);
    devices.establish(evil, users.get('bob'), api.stack.clock.now());
    api.stack.clock.advance(301);

    expect(changesIn(await sweep())).toEqual([['done', ['AttachUserPolicy']]]);
  });

  it('stays if the user was deleted and created anew under the same name', async () => {
    await executed(api);
    const { account } = api.stack;
    const former = account.users.get('bob');
    account.users.delete(former);
    account.users.create({ userName: 'bob', path: '/', tags: [], now: account.now() });
    api.stack.clock.advance(301);

    const lines = await sweep();

    expect(changesIn(lines)).toEqual([]);
    expect((await hindrances(api, 'bob')).held).toBe(false);
  });
});

describe('a sweep with nothing to mend', () => {
  it('asks IAM one question', async () => {
    await executed(api);
    await api.stack.settled();
    api.stack.account.trail.clear();
    api.stack.clock.advance(301);

    await sweep();

    const calls = api.stack.account.trail.events().filter(({ service }) => service === 'iam');
    expect(calls).toMatchObject([
      {
        operation: 'ListEntitiesForPolicy',
        sourceIdentity: 'mfa-recovery',
        principalArn: expect.stringContaining('assumed-role/mfa-self-service-local-recovery/'),
      },
    ]);
    expect(api.activeDevices('bob')).not.toContain(bobsPhone);
  });

  it('still does what is due if IAM does not answer it', async () => {
    api.stack.faults.put({ operation: 'ListEntitiesForPolicy', error: 'ServiceFailure', times: 100 });

    const lines = await sweep();

    expect(lines).toMatchObject([
      { level: 'ERROR', message: 'holds not compared', code: 'upstream-failed' },
      { message: 'run', recoveries: 0, Problems: 1 },
    ]);
  });

  it('may list whom the hold is attached to with its role, and of no other policy', async () => {
    const iam = iamOf(sessionNamed(api, 'mfa-self-service-local-recovery', 'mfa-recovery'));
    const list = (PolicyArn: string) => iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));

    expect((await list(holdArn)).PolicyUsers).toEqual([]);
    await expect(list(holdArn.replace('EnrolmentHold', 'SelfService'))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    api.stack.account.trail.clear();
  });
});
