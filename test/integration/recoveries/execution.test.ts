import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { enrolmentHoldArn } from '../../../infra/template/resource-names.ts';
import { deployment, localFunctionName } from '../../../local-aws/deployment.ts';
import { changeLease } from '../../../shared/aws/table/change-lease.ts';
import { recoveryStore } from '../../../shared/aws/table/recovery-store.ts';
import type { Recovery } from '../../../shared/recoveries/recovery.ts';
import { apiEnv } from '../../support/api-event.ts';
import { tableName } from '../../support/deployed.ts';
import { allowIam, iamAttempts } from '../../support/iam-attempts.ts';
import { fillPolicies } from '../../support/recovery-flows.ts';
import type { SigningKeys } from '../../support/sign.ts';
import {
  adminVariables,
  startTestStack,
  type TestStack,
  userKeys,
  userSession,
} from '../../support/stack.ts';
import { consecutiveTotps } from '../../support/totp.ts';

// The real function, in its worker and with its own permissions, against the local AWS.

let stack: TestStack;
const { signal } = new AbortController();
const store = recoveryStore({ signal });
const executor = localFunctionName('execute-recoveries');
const hold = enrolmentHoldArn(deployment);
const mfaArn = `arn:aws:iam::${deployment.accountId}:mfa`;
const phone = `${mfaArn}/self-service/bob/phone`;
const id = 'abcdefghijklmnopqrstuvwxyz';

beforeAll(async () => {
  stack = await startTestStack();
  const variables = {
    ...apiEnv,
    TABLE_NAME: tableName,
    AWS_REGION: deployment.region,
    ...adminVariables(),
    AWS_ENDPOINT_URL_DYNAMODB: stack.dynamoUrl,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
});
afterEach(() => stack.reset());
afterAll(async () => {
  vi.unstubAllEnvs();
  await stack.close();
});

const user = (userName: string) => stack.account.users.get(userName);
const devicesOf = (userName: string) => stack.account.devices.ofUser(user(userName));
const activeSerials = (userName: string) => devicesOf(userName).map(({ serialNumber }) => serialNumber);
const time = (later = 0) => new Date(stack.clock.now() + later * 1000).toISOString();

/** Stores an approved recovery of all of a user's devices. */
async function approved(userName: string, change: Partial<Recovery> = {}): Promise<void> {
  const { userId, arn } = user(userName);
  const devices = devicesOf(userName).map(({ serialNumber, owner }) => ({
    serialNumber,
    enabledAt: new Date(Math.floor((owner?.enabledAt ?? 0) / 1000) * 1000).toISOString(),
  }));
  await store.create({
    ...{ id, version: 1, state: 'approved', ticket: { system: 'desk', id: 'T-1' }, reason: 'lost' },
    ...{ userName, userId, userArn: arn, devices },
    ...{ requestHash: 'hash', requestedBy: 'ann', requestedAt: time(-60), expiresAt: time(3600) },
    ...{ approvals: [{ by: 'pat', at: time() }], approvalsNeeded: 1, dueAt: time() },
    ...change,
  });
}

/** Invokes the executor as an approval does. */
const execute = () => stack.lambda.invoke(executor, { recoveryId: id });
/** Invokes the executor as the schedule does. */
const sweep = () =>
  stack.lambda.invoke(executor, { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
const recovery = () => store.get(id);

const { create, enable, look } = iamAttempts(() => stack, 'bob');

/** The executor role's calls to IAM, successful or not. */
const calls = (operation: string) =>
  stack.account.trail
    .events()
    .filter((event) => event.operation === operation && event.principalArn?.includes('-recovery/'));

describe('the executor', () => {
  it('removes bob’s phone and puts the hold on bob alone', async () => {
    await approved('bob');

    expect(await execute()).toEqual({ payload: 'null' });

    expect(await recovery()).toMatchObject({ state: 'executed', executedAt: expect.any(String) });
    expect(await recovery()).not.toHaveProperty('dueAt');
    expect(activeSerials('bob')).toEqual([]);
    expect(stack.account.devices.find(phone)).toBeUndefined();
    expect(user('bob').attachedPolicies).toContain(hold);
    expect(user('alice').attachedPolicies).not.toContain(hold);
    expect(user('bob').inlinePolicies).toEqual([]);
  });

  it('appears in the trail as mfa-recovery, under one role', async () => {
    await approved('bob');
    stack.account.trail.clear();
    await execute();
    const events = stack.account.trail.events().filter(({ service }) => service === 'iam');
    expect(events.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining([
        'GetUser',
        'AttachUserPolicy',
        'DeactivateMFADevice',
        'DeleteVirtualMFADevice',
      ]),
    );
    for (const { principalArn, sourceIdentity } of events) {
      expect(principalArn).toMatch(/:assumed-role\/mfa-self-service-local-recovery\/mfa-recovery$/);
      expect(sourceIdentity).toBe('mfa-recovery');
    }
  });

  it.each([
    ['a FIDO key', 'dora', () => undefined],
    [
      'a hardware token and an older virtual device',
      'carol',
      () => {
        const { devices } = stack.account;
        const device = devices.createVirtual(`${mfaArn}/older`, []);
        devices.establish(device, user('carol'), stack.clock.now() - 86_400_000);
        const [code1 = '', code2 = ''] = Object.values(
          consecutiveTotps('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', stack.clock.now()),
        );
        devices.enable(user('carol'), 'GAHT00000001', [code1, code2], stack.clock.now());
      },
    ],
  ])('removes %s too', async (_, userName, prepare) => {
    prepare();
    await approved(userName);
    await execute();
    expect(await recovery()).toMatchObject({ state: 'executed' });
    expect(activeSerials(userName)).toEqual([]);
    expect(stack.account.devices.find(`${mfaArn}/older`)).toBeUndefined();
  });

  it('is also started by its schedule, and expires what was never approved', async () => {
    await approved('bob');
    await approved('dora', { id: 'a'.repeat(26), state: 'requested', approvals: [], expiresAt: time(-1) });
    await sweep();
    expect((await recovery())?.state).toBe('executed');
    expect((await store.get('a'.repeat(26)))?.state).toBe('expired');
    expect(activeSerials('dora')).toHaveLength(1);
  });

  it('writes an audit line and metrics', async () => {
    await approved('bob');
    const from = stack.lambda.logs.length;
    await execute();
    const lines = () =>
      stack.lambda.logs
        .slice(from)
        .filter(({ functionName }) => functionName === executor)
        .map(({ line }): Record<string, unknown> => JSON.parse(line));
    await expect.poll(lines).toMatchObject([
      {
        ...{
          audit: true,
          action: 'execute-recovery',
          result: 'done',
          ownerId: user('bob').userId,
          serialNumbers: [phone],
        },
        recovery: { id, state: 'executed' },
        changes: [
          ...[
            'BeginExecution',
            'AttachUserPolicy',
            'BeginRemoval',
            'DeactivateMFADevice',
            'DeleteVirtualMFADevice',
          ],
          'ExecuteRecovery',
        ],
      },
      { message: 'run', executed: 1, RecoveriesExecuted: 1, UpstreamCalls: expect.any(Number) },
    ]);
  });

  it.each([
    ['the user’s policies are as many as may be', 'policy-quota', () => fillPolicies(stack, 'bob')],
    ['the user is another of that name', 'user-changed', () => recreateBob()],
    ['the user of that name is elsewhere', 'user-changed', () => recreateBob('/team/')],
    ['the user is gone', 'user-changed', () => deleteBob()],
  ])('fails when %s', async (_, failure, prepare) => {
    await approved('bob');
    prepare();
    await execute();
    expect(await recovery()).toMatchObject({ state: 'failed', failure });
    expect(calls('DeactivateMFADevice')).toEqual([]);
    expect(calls('DeleteVirtualMFADevice')).toEqual([]);
  });

  function deleteBob(): void {
    stack.account.devices.deactivate(user('bob'), phone, stack.clock.now());
    stack.account.users.delete(user('bob'));
  }

  function recreateBob(path = '/'): void {
    deleteBob();
    stack.account.users.create({ userName: 'bob', path, tags: [], now: stack.clock.now() });
  }
});

describe('a thief of bob’s keys at IAM directly', () => {
  const bare = userKeys('bob');

  it('cannot enrol with the bare key, before or after', async () => {
    allowIam(stack, 'bob');
    const device = stack.account.devices.createVirtual(`${mfaArn}/thief/known`, []);
    await approved('bob');

    const before = await enable(bare, device.serialNumber, device.seed);
    await execute();
    const after = [await enable(bare, device.serialNumber, device.seed), await create(bare, 'second')];

    expect(before).toBe('AccessDenied');
    expect(after).toEqual(['AccessDenied', 'AccessDenied']);
    expect(activeSerials('bob')).toEqual([]);
  });

  it('could enrol without the hold, which is why it exists', async () => {
    allowIam(stack, 'bob');
    const device = stack.account.devices.createVirtual(`${mfaArn}/thief/known`, []);
    await approved('bob');
    await execute();
    user('bob').attachedPolicies = user('bob').attachedPolicies.filter((arn) => arn !== hold);
    stack.account.policiesChanged();
    expect(await enable(bare, device.serialNumber, device.seed)).toBe('done');
  });

  it('cannot enrol afterwards with an MFA session that worked before', async () => {
    allowIam(stack, 'bob');
    const session = userSession(stack, 'bob', { mfaAt: stack.clock.now() });
    const device = stack.account.devices.createVirtual(`${mfaArn}/thief/known`, []);
    await approved('bob');

    const before = await create(session, 'first');
    await execute();
    const after = [await create(session, 'second'), await enable(session, device.serialNumber, device.seed)];

    expect(before).toBe('done');
    expect(after).toEqual(['AccessDenied', 'AccessDenied']);
  });

  it('who enabled their device before the execution has it taken, too', async () => {
    allowIam(stack, 'bob');
    const session = userSession(stack, 'bob', { mfaAt: stack.clock.now() });
    const device = stack.account.devices.createVirtual(`${mfaArn}/thief/known`, []);
    await approved('bob');

    expect(await enable(session, device.serialNumber, device.seed)).toBe('done');
    await execute();

    expect(await recovery()).toMatchObject({
      state: 'executed',
      removedDevices: [
        { serialNumber: phone, addedSinceRequest: false },
        { serialNumber: device.serialNumber, addedSinceRequest: true },
      ],
    });
    expect(activeSerials('bob')).toEqual([]);
    expect(stack.account.devices.find(device.serialNumber)).toBeUndefined();
    expect(user('bob').attachedPolicies).toContain(hold);
  });

  it('cannot use a pending device whose seed they know: it is deleted, other users’ stay', async () => {
    allowIam(stack, 'bob');
    const { devices } = stack.account;
    const tagged = (owner: string) => [{ Key: 'mfa-self-service:owner', Value: owner }];
    const pending = devices.createVirtual(`${mfaArn}/self-service/bob/known`, tagged(user('bob').userId));
    const others = devices.createVirtual(`${mfaArn}/self-service/bob/former`, tagged('AIDAFORMERBOB0000001'));
    await approved('bob');

    await execute();

    expect(devices.find(pending.serialNumber)).toBeUndefined();
    expect(devices.find(others.serialNumber)).toBeDefined();
    expect(await enable(bare, pending.serialNumber, pending.seed)).toBe('AccessDenied');
  });
});

describe('a thief of bob’s keys at the API', () => {
  const create = (keys: SigningKeys, target: string, name: string) =>
    stack.fetch(keys, 'POST', target, { name }).then((answer) => answer.json());
  const enable = async (keys: SigningKeys, target: string, seed: string) => {
    const codes = consecutiveTotps(seed, stack.clock.now());
    const answer = await stack.fetch(keys, 'PUT', `${target}/activation`, codes);
    return answer.json().code;
  };

  it('cannot enrol with the bare key or an MFA session', async () => {
    const session = userSession(stack, 'bob', { mfaAt: stack.clock.now() });
    const before = await create(session, '/v1/mfa-devices', 'before');
    await approved('bob');

    await execute();

    expect(await create(userKeys('bob'), '/v1/me/first-mfa-device', 'first')).toMatchObject({
      code: 'enrolment-pass-required',
    });
    expect([
      (await create(session, '/v1/mfa-devices', 'after')).code,
      await enable(session, '/v1/mfa-devices/before', before.base32Seed),
    ]).toEqual(['access-denied', 'access-denied']);
    expect(activeSerials('bob')).toEqual([]);
  });

  it('cannot enrol with an MFA session that the hold does not stop yet: the guard does', async () => {
    const session = userSession(stack, 'bob', { mfaAt: stack.clock.now() });
    const before = await create(session, '/v1/mfa-devices', 'before');
    await approved('bob');
    await execute();
    user('bob').attachedPolicies = user('bob').attachedPolicies.filter((arn) => arn !== hold);
    stack.account.policiesChanged();

    expect([
      (await create(session, '/v1/mfa-devices', 'after')).code,
      await enable(session, '/v1/mfa-devices/before', before.base32Seed),
    ]).toEqual(['enrolment-pass-required', 'enrolment-pass-required']);
    expect(activeSerials('bob')).toEqual([]);
  });
});

describe('after a theft', () => {
  const getMe = async (keys: SigningKeys) => (await stack.fetch(keys, 'GET', '/v1/me')).status;
  const removeHold = () => {
    user('bob').attachedPolicies = user('bob').attachedPolicies.filter((arn) => arn !== hold);
    stack.account.policiesChanged();
  };

  it.each(['lost', 'stolen'] as const)(
    '(%s) sessions with MFA are dead as soon as the hold stands, whatever comes after it',
    async (reason) => {
      allowIam(stack, 'bob');
      const withMfa = userSession(stack, 'bob', { mfaAt: stack.clock.now() });
      const withoutMfa = userSession(stack, 'bob');
      await approved('bob', { reason });
      stack.faults.put({ operation: 'ListMFADevices', error: 'ServiceFailure', times: 100 });
      const before = [await getMe(withMfa), await create(withMfa, 'before')];

      await execute();
      stack.faults.clear();

      expect(before).toEqual([502, 'done']);
      expect(activeSerials('bob')).toEqual([phone]);
      expect([await look(withMfa), await create(withMfa, 'after'), await getMe(withMfa)]).toEqual([
        'AccessDenied',
        'AccessDenied',
        403,
      ]);
      expect([await getMe(userKeys('bob')), await getMe(withoutMfa), await look(userKeys('bob'))]).toEqual([
        200,
        200,
        'done',
      ]);
    },
  );

  it('and sessions that STS issues while it settles are dead, even without the hold', async () => {
    allowIam(stack, 'bob');
    await approved('bob', { reason: 'stolen' });
    await execute();
    removeHold();
    stack.clock.advance(14);
    const late = userSession(stack, 'bob', { mfaAt: stack.clock.now() });

    expect([await look(late), await getMe(late)]).toEqual(['AccessDenied', 403]);
  });

  it('IAM and the API refuse old sessions but not new ones; the denial goes once old ones have expired', async () => {
    allowIam(stack, 'bob');
    const old = userSession(stack, 'bob', { mfaAt: stack.clock.now(), durationSeconds: 129_600 });
    await approved('bob', { reason: 'stolen' });

    await execute();
    expect(await recovery()).toMatchObject({ state: 'executing', revokeAfter: expect.any(String) });
    stack.clock.advance(61);
    await sweep();
    removeHold();
    stack.clock.advance(1);
    const fresh = userSession(stack, 'bob', { mfaAt: stack.clock.now() });

    expect(await recovery()).toMatchObject({ state: 'executed', revokedUntil: expect.any(String) });
    expect([await look(old), await getMe(old)]).toEqual(['AccessDenied', 403]);
    expect([await look(fresh), await getMe(fresh), await look(userKeys('bob'))]).toEqual([
      'done',
      200,
      'done',
    ]);
    const names = () => user('bob').inlinePolicies.map(({ name }) => name);
    expect(names()).toEqual(['iam', 'mfa-self-service-revoke']);

    stack.clock.advance(35 * 3600);
    await sweep();
    expect(names()).toEqual(['iam', 'mfa-self-service-revoke']);
    stack.clock.advance(3600);
    await sweep();
    expect(names()).toEqual(['iam']);
    expect((await recovery())?.state).toBe('executed');
    expect(Object.keys((await recovery()) ?? {})).not.toEqual(expect.arrayContaining(['revokedUntil']));
  });
});

describe('an executor that', () => {
  it('is killed midway finishes when it runs again', async () => {
    await approved('bob');
    stack.faults.put({ operation: 'DeleteVirtualMFADevice', delayMs: 3000, times: 1 });
    stack.account.trail.clear();

    const running = execute();
    await expect.poll(() => calls('DeactivateMFADevice').length, { timeout: 10_000 }).toBe(1);
    await stack.lambda.kill(executor);
    expect(await running).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect((await recovery())?.state).toBe('executing');
    stack.clock.advance(61);
    await sweep();

    expect((await recovery())?.state).toBe('executed');
    expect(stack.account.devices.find(phone)).toBeUndefined();
    expect(calls('DeactivateMFADevice').filter(({ errorCode }) => errorCode === undefined)).toHaveLength(1);
    expect(user('bob').attachedPolicies).toContain(hold);
  });

  it('finds the user’s lease taken again and again waits for its turn', async () => {
    await approved('bob');
    stack.faults.put({ operation: 'UpdateItem', error: 'ConditionalCheckFailedException', times: 4 });
    await execute();
    expect((await recovery())?.state).toBe('executed');
  });

  it('finds the user’s lease taken comes back later', async () => {
    await approved('bob');
    const lease = changeLease({ caller: { userId: user('bob').userId }, signal, remainingMillis: 30_000 });

    const outcome = await lease.run(() => execute());

    expect(outcome).toEqual({ payload: 'null' });
    expect(await recovery()).toMatchObject({ state: 'approved' });
    expect(activeSerials('bob')).toEqual([phone]);
    expect(calls('AttachUserPolicy')).toEqual([]);
    await sweep();
    expect((await recovery())?.state).toBe('approved');
    stack.clock.advance(31);
    await sweep();
    expect((await recovery())?.state).toBe('executed');
  });

  it.each(['ServiceFailure', 'connection-reset', 'Throttling'])(
    'keeps getting %s from IAM continues once it stops',
    async (error) => {
      await approved('bob');
      stack.faults.put({ operation: 'DeactivateMFADevice', error, times: 100 });
      expect(await execute()).toEqual({ payload: 'null' });
      expect(await recovery()).toMatchObject({ state: 'executing' });
      expect(user('bob').attachedPolicies).toContain(hold);
      stack.faults.clear();
      stack.clock.advance(120);
      await sweep();
      expect((await recovery())?.state).toBe('executed');
    },
  );

  it.each(['GetItem', 'PutItem', 'UpdateItem'])(
    'has no table (%s) removes nothing, and does so when the table is back',
    async (operation) => {
      await approved('bob');
      stack.faults.put({ operation, error: 'InternalServerError', times: 100 });
      await execute();
      expect(activeSerials('bob')).toEqual([phone]);
      stack.faults.clear();
      stack.clock.advance(60);
      await sweep();
      expect((await recovery())?.state).toBe('executed');
    },
  );

  it('cannot list what is due fails, so that Lambda retries it', async () => {
    await approved('bob');
    stack.faults.put({ operation: 'Query', error: 'InternalServerError', times: 100 });
    expect(await sweep()).toMatchObject({ error: { errorType: 'Problem' } });
    expect((await recovery())?.state).toBe('approved');
  });

  it('is given an invalid recovery id says so', async () => {
    expect(await stack.lambda.invoke(executor, { recoveryId: '../x' })).toMatchObject({ error: {} });
    expect(await stack.lambda.invoke(executor, { recoveryId: 'b'.repeat(26) })).toEqual({ payload: 'null' });
  });
});
