import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deployIam } from '../../../local-aws/cloudformation/iam.ts';
import { createMfaDevice } from '../../../shared/contract/operations/create-mfa-device.ts';
import { enableFirstMfaDevice } from '../../../shared/contract/operations/enable-first-mfa-device.ts';
import { listUserMfaDevices } from '../../../shared/contract/operations/list-user-mfa-devices.ts';
import type { EnrolmentHold, MfaDirectory } from '../../../shared/devices/ports.ts';
import type { Addressees } from '../../../shared/notices/ports.ts';
import type { RecoveryDirectory } from '../../../shared/recoveries/execution/ports.ts';
import type { UserDirectory } from '../../../shared/recoveries/ports.ts';
import { deployed } from '../../support/deployed.ts';
import { accountArn, bobsPhone, type LocalAws, startLocalAws } from '../local-aws/fixture.ts';
import { becomeFunction, callerNamed } from './cold-function.ts';

// An IAM error code means different things to different calls; these are the meanings for each.

let aws: LocalAws;
const { signal } = new AbortController();
const { SerialNumber: phone } = bobsPhone;
const codes = { code1: '123456', code2: '234567' };

beforeAll(async () => {
  aws = await startLocalAws();
  deployIam(aws.account, deployed.resolved);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  // The SDK treats exceeded quotas as throttling and backs off at random; here the delay is zero.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterAll(() => {
  vi.restoreAllMocks();
  aws.close();
});
afterEach(() => {
  aws.faults.clear();
  vi.unstubAllEnvs();
});

/** The SDK's maximum number of attempts. */
const fail = (operation: string, error: string) => aws.faults.put({ operation, error, times: 3 });

/** The result of a call: its answer, or the code of its problem. */
const endOf = (call: Promise<unknown>) =>
  call.catch((error: unknown) => String(Reflect.get(Object(error), 'code')));

describe('for the directory of the caller’s devices', () => {
  let directory: MfaDirectory;
  beforeEach(async () => {
    await becomeFunction(createMfaDevice.name, aws);
    const { mfaDirectory } = await import('../../../shared/aws/iam/mfa-directory.ts');
    directory = mfaDirectory({ operation: createMfaDevice, caller: callerNamed('bob', aws), signal });
  });

  it.each<[string, string, (directory: MfaDirectory) => Promise<unknown>, string]>([
    ['NoSuchEntity', 'ListMFADevices', (to) => to.listActive(), 'user-not-found'],
    ['NoSuchEntity', 'ListMFADeviceTags', (to) => to.listTags(phone), 'device-not-found'],
    ['EntityAlreadyExists', 'CreateVirtualMFADevice', (to) => to.create('/', 'x', {}), 'device-exists'],
    ['LimitExceeded', 'CreateVirtualMFADevice', (to) => to.create('/', 'x', {}), 'device-limit'],
    ['NoSuchEntity', 'CreateVirtualMFADevice', (to) => to.create('/', 'x', {}), 'upstream-failed'],
    ['EntityAlreadyExists', 'EnableMFADevice', (to) => to.enable(phone, codes), 'device-in-use'],
    ['LimitExceeded', 'EnableMFADevice', (to) => to.enable(phone, codes), 'device-limit'],
    ['NoSuchEntity', 'EnableMFADevice', (to) => to.enable(phone, codes), 'device-not-found'],
    [
      'InvalidAuthenticationCode',
      'EnableMFADevice',
      (to) => to.enable(phone, codes),
      'invalid-authentication-code',
    ],
    [
      'InvalidAuthenticationCode',
      'ResyncMFADevice',
      (to) => to.resync(phone, codes),
      'invalid-authentication-code',
    ],
    ['NoSuchEntity', 'ResyncMFADevice', (to) => to.resync(phone, codes), 'device-not-found'],
    ['NoSuchEntity', 'DeactivateMFADevice', (to) => to.deactivate(phone), 'device-not-found'],
    ['EntityTemporarilyUnmodifiable', 'DeactivateMFADevice', (to) => to.deactivate(phone), 'busy'],
    ['LimitExceeded', 'TagMFADevice', (to) => to.tag(phone, { a: 'b' }), 'tag-limit'],
    ['NoSuchEntity', 'TagMFADevice', (to) => to.tag(phone, { a: 'b' }), 'device-not-found'],
    ['NoSuchEntity', 'UntagMFADevice', (to) => to.untag(phone, ['a']), 'device-not-found'],
    ['DeleteConflict', 'DeleteVirtualMFADevice', (to) => to.remove(phone), 'device-active'],
    ['NoSuchEntity', 'DeleteVirtualMFADevice', (to) => to.remove(phone), 'device-not-found'],
  ])('%s from %s is the problem of that call', async (error, operation, call, code) => {
    fail(operation, error);

    expect(await endOf(call(directory))).toBe(code);
  });
});

describe('whether a failed change may have been made', () => {
  it.each<[string, boolean | undefined]>([
    ['AccessDenied', true],
    ['ValidationError', true],
    ['InvalidInput', true],
    ['ServiceFailure', undefined],
  ])('%s says: unchanged %s', async (error, unchanged) => {
    await becomeFunction(createMfaDevice.name, aws);
    const { mfaDirectory } = await import('../../../shared/aws/iam/mfa-directory.ts');
    const directory = mfaDirectory({
      operation: createMfaDevice,
      caller: callerNamed('bob', aws),
      signal,
    });
    fail('EnableMFADevice', error);
    fail('DeactivateMFADevice', error);

    for (const change of [directory.enable(phone, codes), directory.deactivate(phone)]) {
      const problem = await change.catch((thrown: unknown) => thrown);
      expect(problem).toMatchObject({ code: 'upstream-failed' });
      expect(Reflect.get(Object(Reflect.get(Object(problem), 'extras')), 'unchanged')).toBe(unchanged);
    }
  });
});

describe('for the directory of a recovery', () => {
  let directory: RecoveryDirectory;
  beforeEach(async () => {
    await becomeFunction('execute-recoveries', aws);
    const { recoveryDirectory } = await import('../../../shared/aws/iam/recovery-directory.ts');
    directory = recoveryDirectory({ userName: 'bob', userArn: `${accountArn}:user/bob` }, signal);
  });

  it.each<[string, string, (directory: RecoveryDirectory) => Promise<unknown>, unknown]>([
    ['NoSuchEntity', 'GetUser', (to) => to.getUser(), 'user-not-found'],
    ['NoSuchEntity', 'ListMFADevices', (to) => to.listActive(), 'user-not-found'],
    ['NoSuchEntity', 'DeactivateMFADevice', (to) => to.deactivate(phone), 'device-not-found'],
    ['DeleteConflict', 'DeleteVirtualMFADevice', (to) => to.remove(phone), 'device-active'],
    [
      'DeleteConflict',
      'DeleteVirtualMFADevice',
      (to) => to.remove(`${accountArn}:mfa/older`),
      'device-active',
    ],
    ['LimitExceeded', 'AttachUserPolicy', (to) => to.attachHold(), false],
    ['NoSuchEntity', 'AttachUserPolicy', (to) => to.attachHold(), 'upstream-failed'],
    ['NoSuchEntity', 'DetachUserPolicy', (to) => to.detachHold(), undefined],
    ['ServiceFailure', 'DetachUserPolicy', (to) => to.detachHold(), 'upstream-failed'],
    ['LimitExceeded', 'PutUserPolicy', (to) => to.denyOldSessions(new Date(0)), false],
    ['NoSuchEntity', 'PutUserPolicy', (to) => to.denyOldSessions(new Date(0)), 'upstream-failed'],
    ['NoSuchEntity', 'DeleteUserPolicy', (to) => to.allowOldSessions(), undefined],
    ['ServiceFailure', 'DeleteUserPolicy', (to) => to.allowOldSessions(), 'upstream-failed'],
  ])('%s from %s is an outcome of that call', async (error, operation, call, end) => {
    fail(operation, error);

    expect(await endOf(call(directory))).toBe(end);
  });

  it('no error means room for the policies', async () => {
    expect(await directory.attachHold()).toBe(true);
    expect(await directory.denyOldSessions(new Date(0))).toBe(true);
  });
});

describe('for the caller’s hold', () => {
  let hold: EnrolmentHold;
  beforeEach(async () => {
    await becomeFunction(enableFirstMfaDevice.name, aws);
    const { enrolmentHold } = await import('../../../shared/aws/iam/enrolment-hold.ts');
    hold = enrolmentHold({ operation: enableFirstMfaDevice, caller: callerNamed('bob', aws), signal });
  });

  it.each([
    ['NoSuchEntity', undefined],
    ['AccessDenied', 'upstream-failed'],
  ])('%s on detaching it results in: %s', async (error, end) => {
    fail('DetachUserPolicy', error);

    expect(await endOf(hold.detach())).toBe(end);
  });
});

describe('for the directory of a user viewed by staff', () => {
  let directory: UserDirectory;
  beforeEach(async () => {
    await becomeFunction(listUserMfaDevices.name, aws);
    const { userDirectory } = await import('../../../shared/aws/iam/user-directory.ts');
    directory = userDirectory({ operation: listUserMfaDevices, identity: 'kim', signal }, 'bob');
  });

  it.each([
    ['NoSuchEntity', 'ListMFADevices', 'user-not-found'],
    ['AccessDenied', 'ListMFADevices', 'user-not-found'],
    ['ServiceFailure', 'ListMFADevices', 'upstream-failed'],
    ['AccessDenied', 'AssumeRole', 'upstream-failed'],
  ])('%s from %s is the problem %s', async (error, operation, code) => {
    fail(operation, error);

    expect(await endOf(directory.listActive())).toBe(code);
  });
});

describe('for the addressees', () => {
  let addressees: Addressees;
  beforeEach(async () => {
    await becomeFunction('notify-subject', aws);
    addressees = (await import('../../../shared/aws/iam/addressees.ts')).addressees(signal);
  });

  it.each([
    ['NoSuchEntity', undefined],
    ['AccessDenied', 'upstream-failed'],
  ])('%s on looking one up results in: %s', async (error, end) => {
    fail('GetUser', error);

    expect(await endOf(addressees.find('bob'))).toBe(end);
  });
});
