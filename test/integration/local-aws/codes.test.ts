import {
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ListMFADevicesCommand,
  ResyncMFADeviceCommand,
} from '@aws-sdk/client-iam';
import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accountArn,
  bobsPhone,
  createDevice,
  enableDevice,
  failureOf,
  keyOf,
  type LocalAws,
  sessionOf,
  startLocalAws,
  type TestDevice,
} from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const invalidPair = {
  status: 403,
  code: 'InvalidAuthenticationCode',
  message: 'Authentication code for device is not valid.',
};
const invalidCode = {
  status: 403,
  code: 'AccessDenied',
  message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
};
const unable = {
  status: 403,
  code: 'AccessDenied',
  message:
    'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
};

const admin = () => aws.iam(keyOf('admin'));

/** @param later steps from now to the second code */
function enable(device: TestDevice, later = 0, userName = 'alice') {
  const input = { UserName: userName, SerialNumber: device.SerialNumber, ...aws.codes(device.seed, later) };
  return admin().send(new EnableMFADeviceCommand(input));
}

function resync(device: TestDevice, later = 0, userName = 'alice') {
  const input = { UserName: userName, SerialNumber: device.SerialNumber, ...aws.codes(device.seed, later) };
  return admin().send(new ResyncMFADeviceCommand(input));
}

function deactivate(device: TestDevice, userName = 'alice') {
  const input = { UserName: userName, SerialNumber: device.SerialNumber };
  return admin().send(new DeactivateMFADeviceCommand(input));
}

function getSession(device: TestDevice, later = 0, userName = 'alice') {
  const input = { SerialNumber: device.SerialNumber, TokenCode: aws.code(device.seed, later) };
  return aws.sts(keyOf(userName)).send(new GetSessionTokenCommand(input));
}

describe('a pair of codes for IAM', () => {
  it.each([
    ['the same code twice', (device: TestDevice) => [aws.code(device.seed), aws.code(device.seed)]],
    ['reversed codes', (device: TestDevice) => [aws.code(device.seed), aws.code(device.seed, -1)]],
    ['codes with a gap', (device: TestDevice) => [aws.code(device.seed, -2), aws.code(device.seed)]],
    ['another device’s codes', () => [aws.code(bobsPhone.seed, -1), aws.code(bobsPhone.seed)]],
  ])('is refused when it is %s', async (_case, codesOf) => {
    const device = await createDevice(aws, 'phone');
    const [AuthenticationCode1, AuthenticationCode2] = codesOf(device);
    const { SerialNumber } = device;
    const input = { UserName: 'alice', SerialNumber, AuthenticationCode1, AuthenticationCode2 };

    const failure = await failureOf(admin().send(new EnableMFADeviceCommand(input)));

    expect(failure).toEqual(invalidPair);
  });

  it.each([-998, 1000])('is found when its second code is %i steps away', async (later) => {
    const device = await createDevice(aws, 'phone');

    await expect(enable(device, later)).resolves.toBeDefined();
  });

  it.each([-999, 1001])('is not found when its second code is %i steps away', async (later) => {
    const device = await createDevice(aws, 'phone');

    expect(await failureOf(enable(device, later))).toEqual(invalidPair);
  });

  it('is searched around the device’s adjusted time after a resync', async () => {
    const device = await createDevice(aws, 'phone');
    await enable(device, 500);

    await resync(device, 1500);

    expect(await failureOf(resync(device, 2501))).toEqual(invalidPair);
    await expect(resync(device, 2500)).resolves.toBeDefined();
  });

  it.each([
    ['the accepted pair', 0],
    ['a pair whose first code was accepted', 1],
    ['an older pair', -5],
  ])('is refused by resync when it is %s', async (_case, later) => {
    const device = await createDevice(aws, 'phone');
    await enable(device);

    expect(await failureOf(resync(device, later))).toEqual(invalidPair);
    await expect(resync(device, 2)).resolves.toBeDefined();
  });

  it('stays used after deactivation', async () => {
    const device = await createDevice(aws, 'phone');
    await enable(device);
    await deactivate(device);

    expect(await failureOf(enable(device))).toEqual(invalidPair);
    await expect(enable(device, 2)).resolves.toBeDefined();
  });

  it('can be reused for a recreated device of the same name', async () => {
    const old = await enableDevice(aws, 'alice', 'phone');
    await deactivate(old);
    await admin().send(new DeleteVirtualMFADeviceCommand({ SerialNumber: old.SerialNumber }));

    const device = await enableDevice(aws, 'alice', 'phone');

    expect(device.SerialNumber).toBe(old.SerialNumber);
    expect(device.seed).not.toBe(old.seed);
  });
});

describe('a code for STS', () => {
  it.each([-2, -1, 0, 1, 2])('is accepted %i steps from the device’s time', async (later) => {
    await expect(getSession(bobsPhone, later, 'bob')).resolves.toBeDefined();
  });

  it.each([-3, 3])('is refused %i steps from the device’s time', async (later) => {
    expect(await failureOf(getSession(bobsPhone, later, 'bob'))).toEqual(invalidCode);
  });

  it('is accepted once, in any order', async () => {
    await getSession(bobsPhone, 1, 'bob');
    await getSession(bobsPhone, -1, 'bob');

    expect(await failureOf(getSession(bobsPhone, 1, 'bob'))).toEqual(invalidCode);
    expect(await failureOf(getSession(bobsPhone, -1, 'bob'))).toEqual(invalidCode);
    await expect(getSession(bobsPhone, 0, 'bob')).resolves.toBeDefined();
  });

  it('is accepted once by simultaneous requests', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, () => getSession(bobsPhone, 0, 'bob')),
    );

    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is not consumed by enabling, and stays consumed after a resync', async () => {
    const device = await enableDevice(aws, 'alice', 'phone');
    aws.clock.advance(10);
    await getSession(device, -1);
    await getSession(device, 0);

    await resync(device, 2);
    aws.clock.advance(10);

    expect(await failureOf(getSession(device, 0))).toEqual(invalidCode);
    await expect(getSession(device, 1)).resolves.toBeDefined();
  });

  it('follows the device’s clock adjustment', async () => {
    const device = await createDevice(aws, 'phone');
    await enable(device, 100);
    aws.clock.advance(10);

    expect(await failureOf(getSession(device, 0))).toEqual(invalidCode);
    await expect(getSession(device, 100)).resolves.toBeDefined();
  });

  it('works for the hardware token', async () => {
    const token = { SerialNumber: 'GAHT00000001', seed: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' };
    await enable(token);
    aws.clock.advance(10);

    await expect(getSession(token)).resolves.toBeDefined();
  });

  it.each([
    ['an unknown serial number', `${accountArn}:mfa/missing`],
    ['another user’s device', bobsPhone.SerialNumber],
    ['a free token', 'GAHT00000001'],
    ['a FIDO key', `${accountArn}:u2f/user/dora/key-LOCALDORA0001`],
  ])('cannot be validated for %s', async (_case, SerialNumber) => {
    expect(await failureOf(getSession({ SerialNumber, seed: bobsPhone.seed }))).toEqual(unable);
  });

  it.each([{ SerialNumber: bobsPhone.SerialNumber }, { TokenCode: '123456' }])(
    'needs a serial number and vice versa: %o',
    async (input) => {
      const failure = await failureOf(aws.sts(keyOf('bob')).send(new GetSessionTokenCommand(input)));

      expect(failure).toMatchObject({ status: 403, code: 'AccessDenied' });
    },
  );
});

describe('the attempt budget', () => {
  async function spend(count: number) {
    for (let attempt = 0; attempt < count; attempt++) await failureOf(getSession(bobsPhone, 50, 'bob'));
  }

  it('allows nine verifications per window and refuses even a good code after them', async () => {
    await spend(8);
    await getSession(bobsPhone, 0, 'bob');

    expect(await failureOf(getSession(bobsPhone, 1, 'bob'))).toEqual(unable);
  });

  it('counts good, wrong and reused codes alike', async () => {
    await getSession(bobsPhone, 0, 'bob');
    for (let attempt = 0; attempt < 4; attempt++) await failureOf(getSession(bobsPhone, 0, 'bob'));
    await spend(4);

    expect(await failureOf(getSession(bobsPhone, 1, 'bob'))).toEqual(unable);
  });

  it('is renewed at the next three-minute boundary of UTC', async () => {
    await spend(9);
    aws.clock.advance(170);
    const late = await failureOf(getSession(bobsPhone, 0, 'bob'));
    aws.clock.advance(10);

    expect(late).toEqual(unable);
    await expect(getSession(bobsPhone, 0, 'bob')).resolves.toBeDefined();
  });

  it('is not spent by resync or by other users’ guesses', async () => {
    for (let attempt = 0; attempt < 9; attempt++) {
      await failureOf(resync(bobsPhone, -5000, 'bob'));
      await failureOf(getSession(bobsPhone, 50, 'alice'));
    }

    await expect(getSession(bobsPhone, 0, 'bob')).resolves.toBeDefined();
  });

  it('is per device', async () => {
    const other = await enableDevice(aws, 'bob', 'other');
    aws.clock.advance(10);
    await spend(9);

    await expect(getSession(other, 0, 'bob')).resolves.toBeDefined();
  });

  it('survives deleting and recreating the serial number', async () => {
    const old = await enableDevice(aws, 'alice', 'phone');
    aws.clock.advance(10);
    for (let attempt = 0; attempt < 9; attempt++) await failureOf(getSession(old, 50));
    await deactivate(old);
    await admin().send(new DeleteVirtualMFADeviceCommand({ SerialNumber: old.SerialNumber }));

    const device = await enableDevice(aws, 'alice', 'phone');
    aws.clock.advance(10);

    expect(await failureOf(getSession(device))).toEqual(unable);
    aws.clock.advance(180);
    await expect(getSession(device)).resolves.toBeDefined();
  });
});

describe('propagation from IAM to STS', () => {
  it('takes ten seconds for a new binding', async () => {
    const device = await enableDevice(aws, 'alice', 'phone');
    const atOnce = await failureOf(getSession(device));
    aws.clock.advance(8);
    const early = await failureOf(getSession(device));
    aws.clock.advance(2);

    expect([atOnce, early]).toEqual([unable, unable]);
    await expect(getSession(device)).resolves.toBeDefined();
  });

  it('takes as long for the end of a binding', async () => {
    await deactivate(bobsPhone, 'bob');
    const listed = await admin().send(new ListMFADevicesCommand({ UserName: 'bob' }));
    await getSession(bobsPhone, 0, 'bob');
    aws.clock.advance(10);

    expect(listed.MFADevices).toEqual([]);
    expect(await failureOf(getSession(bobsPhone, 1, 'bob'))).toEqual(unable);
  });

  it('takes as long for a clock adjustment', async () => {
    await resync(bobsPhone, 100, 'bob');
    await getSession(bobsPhone, 0, 'bob');
    const early = await failureOf(getSession(bobsPhone, 100, 'bob'));
    aws.clock.advance(10);

    expect(early).toEqual(invalidCode);
    await expect(getSession(bobsPhone, 100, 'bob')).resolves.toBeDefined();
  });

  it('keeps the order of quick changes', async () => {
    await deactivate(bobsPhone, 'bob');
    aws.clock.advance(5);
    await enable(bobsPhone, 3, 'alice');
    aws.clock.advance(5);

    expect(await failureOf(getSession(bobsPhone, 0, 'bob'))).toEqual(unable);
    expect(await failureOf(getSession(bobsPhone, 0, 'alice'))).toEqual(unable);
    aws.clock.advance(5);
    await expect(getSession(bobsPhone, 2, 'alice')).resolves.toBeDefined();
  });

  it('does not end the MFA context of issued sessions', async () => {
    const session = await sessionOf(aws, 'bob', bobsPhone);
    await deactivate(bobsPhone, 'bob');
    aws.clock.advance(60);

    await expect(aws.iam(session).send(new ListMFADevicesCommand({}))).resolves.toBeDefined();
  });
});
