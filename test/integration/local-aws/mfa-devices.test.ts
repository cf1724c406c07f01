import {
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetMFADeviceCommand,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListVirtualMFADevicesCommand,
  ResyncMFADeviceCommand,
  TagMFADeviceCommand,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import QRCode from 'qrcode';
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
} from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const admin = () => aws.iam(keyOf('admin'));
const missing = `${accountArn}:mfa/missing`;
const mfaNeeded = {
  status: 403,
  code: 'AccessDenied',
  message:
    'To complete this action, please ensure that you are authenticated with an MFA device that is enabled for this user.',
};
const notOfUser = { status: 404, code: 'NoSuchEntity', message: 'MFA Device invalid for user.' };

describe('creation', () => {
  it('returns a serial number under the path, a 64-character base32 seed, a QR code and the tags', async () => {
    const command = new CreateVirtualMFADeviceCommand({
      Path: '/self-service/alice/',
      VirtualMFADeviceName: 'phone',
      Tags: [{ Key: 'Colour', Value: '' }],
    });

    const { VirtualMFADevice: device } = await admin().send(command);

    expect(device?.SerialNumber).toBe(`${accountArn}:mfa/self-service/alice/phone`);
    const seed = Buffer.from(device?.Base32StringSeed ?? []).toString();
    const qrCode = await QRCode.toBuffer(`otpauth://totp/phone@123456789012?secret=${seed}`);
    expect(seed).toMatch(/^[A-Z2-7]{64}$/);
    expect(Buffer.from(device?.QRCodePNG ?? []).equals(qrCode)).toBe(true);
    expect(device?.Tags).toEqual([{ Key: 'Colour', Value: '' }]);
  });

  it('gives every device a different seed', async () => {
    const one = await createDevice(aws, 'one');
    const other = await createDevice(aws, 'other');

    expect(one.seed).not.toBe(other.seed);
  });

  it('accepts a doubled slash in the path and no tags', async () => {
    const command = new CreateVirtualMFADeviceCommand({ Path: '/a//b/', VirtualMFADeviceName: 'phone' });

    const { VirtualMFADevice: device } = await admin().send(command);

    expect(device?.SerialNumber).toBe(`${accountArn}:mfa/a//b/phone`);
    expect(device?.Tags).toBeUndefined();
  });

  const badPath =
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.';
  it.each([
    ['a path without leading slash', { Path: 'x/' }, badPath],
    ['a path without trailing slash', { Path: '/x' }, badPath],
    [
      'a path that is too long',
      { Path: `/${'x'.repeat(512)}/` },
      "1 validation error detected: Value at 'path' failed to satisfy constraint: Member must have length less than or equal to 512",
    ],
    [
      'a name with a slash',
      { VirtualMFADeviceName: 'a/b' },
      'The specified value for virtualMFADeviceName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    ],
    [
      'a path and name that are too long together',
      { Path: `/${'x'.repeat(210)}/`, VirtualMFADeviceName: 'y'.repeat(20) },
      'The serial number must not be longer than 256 characters.',
    ],
  ])('refuses %s', async (_case, input, message) => {
    const command = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone', ...input });

    const failure = await failureOf(admin().send(command));

    expect(failure).toEqual({ status: 400, code: 'ValidationError', message });
  });

  it('refuses a serial number that exists', async () => {
    await createDevice(aws, 'phone');

    const failure = await failureOf(createDevice(aws, 'phone'));

    expect(failure).toEqual({
      status: 409,
      code: 'EntityAlreadyExists',
      message: 'MFA device already exists.',
    });
  });

  it('stops at 5,000 virtual devices in the account', async () => {
    for (let index = aws.account.devices.virtualCount; index < 5000; index++) {
      aws.account.devices.createVirtual(`${accountArn}:mfa/filler-${index}`, []);
    }

    const failure = await failureOf(createDevice(aws, 'phone'));

    expect(failure).toMatchObject({ status: 409, code: 'LimitExceeded' });
  });
});

describe('enabling', () => {
  it('shows the device immediately, with its user and date', async () => {
    const { SerialNumber } = await enableDevice(aws, 'carol', 'phone');

    const own = await aws.iam(keyOf('carol')).send(new ListMFADevicesCommand({}));
    const all = await admin().send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned' }));

    const EnableDate = expect.any(Date);
    expect(own.MFADevices).toEqual([{ UserName: 'carol', SerialNumber, EnableDate }]);
    expect(all.VirtualMFADevices?.find((device) => device.SerialNumber === SerialNumber)).toMatchObject({
      EnableDate,
      User: { UserName: 'carol', Path: '/team/', Arn: `${accountArn}:user/team/carol` },
    });
  });

  it('accepts the unassigned hardware token without creating it', async () => {
    const codes = aws.codes('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    const command = new EnableMFADeviceCommand({
      UserName: 'alice',
      SerialNumber: 'GAHT00000001',
      ...codes,
    });

    await aws.iam(keyOf('alice')).send(command);

    const { MFADevices } = await aws.iam(keyOf('alice')).send(new ListMFADevicesCommand({}));
    expect(MFADevices).toMatchObject([{ SerialNumber: 'GAHT00000001' }]);
  });

  it.each([
    {
      what: 'an unknown user before anything else',
      UserName: 'nobody',
      serial: missing,
      expected: { status: 404, code: 'NoSuchEntity', message: 'The user with name nobody cannot be found.' },
    },
    {
      what: 'an unknown serial number',
      UserName: 'alice',
      serial: missing,
      expected: {
        status: 404,
        code: 'NoSuchEntity',
        message: `MFA Device with serial number ${missing} does not exist.`,
      },
    },
    {
      what: 'a device that the user has, before looking at the codes',
      UserName: 'bob',
      serial: bobsPhone.SerialNumber,
      expected: {
        status: 409,
        code: 'EntityAlreadyExists',
        message: 'MFA Device for user bob already exists.',
      },
    },
    {
      what: 'a device that another user has, before looking at the codes',
      UserName: 'alice',
      serial: bobsPhone.SerialNumber,
      expected: { status: 409, code: 'EntityAlreadyExists', message: 'MFA Device is already in use.' },
    },
    {
      what: 'a FIDO key of another user',
      UserName: 'alice',
      serial: `${accountArn}:u2f/user/dora/key-LOCALDORA0001`,
      expected: { status: 409, code: 'EntityAlreadyExists', message: 'MFA Device is already in use.' },
    },
  ])('refuses $what', async ({ UserName, serial, expected }) => {
    const codes = { AuthenticationCode1: '000000', AuthenticationCode2: '000000' };
    const command = new EnableMFADeviceCommand({ UserName, SerialNumber: serial, ...codes });

    const failure = await failureOf(admin().send(command));

    expect(failure).toEqual(expected);
  });

  it('stops at eight devices per user', async () => {
    for (let index = 1; index <= 8; index++) await enableDevice(aws, 'alice', `device-${index}`);

    const failure = await failureOf(enableDevice(aws, 'alice', 'device-9'));

    expect(failure).toMatchObject({ status: 409, code: 'LimitExceeded' });
    expect(await enableDevice(aws, 'bob', 'device-of-bob')).toBeDefined();
  });
});

describe('deactivation and deletion', () => {
  it('deactivates and keeps the device, then deletes it', async () => {
    const { SerialNumber } = await enableDevice(aws, 'alice', 'phone');

    await admin().send(new DeactivateMFADeviceCommand({ UserName: 'alice', SerialNumber }));
    const unassigned = await admin().send(
      new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }),
    );
    await admin().send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));

    const all = await admin().send(new ListVirtualMFADevicesCommand({}));
    expect(unassigned.VirtualMFADevices).toEqual([{ SerialNumber }]);
    expect(all.VirtualMFADevices?.map((device) => device.SerialNumber)).toEqual([bobsPhone.SerialNumber]);
  });

  it('defaults to the caller', async () => {
    const session = await sessionOf(aws, 'bob', bobsPhone);
    const { SerialNumber } = bobsPhone;

    await aws.iam(session).send(new DeactivateMFADeviceCommand({ SerialNumber }));

    const { MFADevices } = await admin().send(new ListMFADevicesCommand({ UserName: 'bob' }));
    expect(MFADevices).toEqual([]);
  });

  it('removes a FIDO key for good', async () => {
    const SerialNumber = `${accountArn}:u2f/user/dora/key-LOCALDORA0001`;
    const command = new DeactivateMFADeviceCommand({ UserName: 'dora', SerialNumber });

    await admin().send(command);

    const failure = await failureOf(admin().send(command));
    expect(failure.message).toBe(`MFA Device with serial number ${SerialNumber} does not exist.`);
  });

  it.each([
    { what: 'another user’s device', UserName: 'alice', serial: bobsPhone.SerialNumber, expected: notOfUser },
    { what: 'an unassigned device', UserName: 'alice', serial: 'GAHT00000001', expected: notOfUser },
    {
      what: 'an unknown serial number',
      UserName: 'alice',
      serial: missing,
      expected: {
        status: 404,
        code: 'NoSuchEntity',
        message: `MFA Device with serial number ${missing} does not exist.`,
      },
    },
    {
      what: 'an unknown user',
      UserName: 'nobody',
      serial: missing,
      expected: { status: 404, code: 'NoSuchEntity', message: 'The user with name nobody cannot be found.' },
    },
  ])('refuses to deactivate $what', async ({ UserName, serial, expected }) => {
    const command = new DeactivateMFADeviceCommand({ UserName, SerialNumber: serial });

    const failure = await failureOf(admin().send(command));

    expect(failure).toEqual(expected);
  });

  it('refuses to delete a device in use, and an unknown one', async () => {
    const inUse = await failureOf(
      admin().send(new DeleteVirtualMFADeviceCommand({ SerialNumber: bobsPhone.SerialNumber })),
    );
    const unknown = await failureOf(
      admin().send(new DeleteVirtualMFADeviceCommand({ SerialNumber: missing })),
    );

    expect(inUse).toEqual({
      status: 409,
      code: 'DeleteConflict',
      message: 'MFA VirtualDevice in use. Must deactivate first.',
    });
    expect(unknown).toMatchObject({ status: 404, code: 'NoSuchEntity' });
  });

  it('refuses to delete a user who has a device', async () => {
    await admin().send(new CreateUserCommand({ UserName: 'temp' }));
    const { SerialNumber } = await enableDevice(aws, 'temp', 'phone');

    const failure = await failureOf(admin().send(new DeleteUserCommand({ UserName: 'temp' })));
    await admin().send(new DeactivateMFADeviceCommand({ UserName: 'temp', SerialNumber }));

    expect(failure).toEqual({
      status: 409,
      code: 'DeleteConflict',
      message: 'Cannot delete entity, must remove tokens from principal first.',
    });
    await expect(admin().send(new DeleteUserCommand({ UserName: 'temp' }))).resolves.toBeDefined();
  });
});

describe('guard of AWS-2023-001', () => {
  it('lets a user without a device enable their first with long-term keys', async () => {
    const device = await createDevice(aws, 'phone');
    const codes = aws.codes(device.seed);
    const input = { UserName: 'alice', SerialNumber: device.SerialNumber, ...codes };

    await expect(aws.iam(keyOf('alice')).send(new EnableMFADeviceCommand(input))).resolves.toBeDefined();
  });

  it.each([
    ['a new device', undefined],
    ['their current device', bobsPhone.SerialNumber],
    ['a missing one', missing],
  ])('does not let a user with a device enable %s with long-term keys', async (_what, serial) => {
    const device = await createDevice(aws, 'second');
    const SerialNumber = serial ?? device.SerialNumber;
    const input = { UserName: 'bob', SerialNumber, ...aws.codes(device.seed) };

    const failure = await failureOf(aws.iam(keyOf('bob')).send(new EnableMFADeviceCommand(input)));

    expect(failure).toEqual(mfaNeeded);
  });

  it.each([bobsPhone.SerialNumber, missing])(
    'does not let a user with long-term keys deactivate %s',
    async (SerialNumber) => {
      const bob = aws.iam(keyOf('bob'));

      const named = await failureOf(
        bob.send(new DeactivateMFADeviceCommand({ UserName: 'BOB', SerialNumber })),
      );
      const unnamed = await failureOf(bob.send(new DeactivateMFADeviceCommand({ SerialNumber })));

      expect(named).toEqual(mfaNeeded);
      expect(unnamed).toEqual(mfaNeeded);
    },
  );

  it('lets an MFA session do both, down to the last device and up again', async () => {
    const second = await createDevice(aws, 'second');
    const bob = aws.iam(await sessionOf(aws, 'bob', bobsPhone));
    const input = { UserName: 'bob', SerialNumber: second.SerialNumber, ...aws.codes(second.seed) };

    await bob.send(new EnableMFADeviceCommand(input));
    await bob.send(new DeactivateMFADeviceCommand({ SerialNumber: bobsPhone.SerialNumber }));
    await bob.send(new DeactivateMFADeviceCommand({ SerialNumber: second.SerialNumber }));
    aws.clock.advance(60);
    const again = { ...input, ...aws.codes(second.seed) };

    await expect(aws.iam(keyOf('bob')).send(new EnableMFADeviceCommand(again))).resolves.toBeDefined();
  });

  it('lets long-term keys resync a device', async () => {
    const input = { UserName: 'bob', SerialNumber: bobsPhone.SerialNumber, ...aws.codes(bobsPhone.seed) };

    await expect(aws.iam(keyOf('bob')).send(new ResyncMFADeviceCommand(input))).resolves.toBeDefined();
  });

  it('lets long-term keys manage another user’s devices', async () => {
    const device = await createDevice(aws, 'phone');
    const input = { UserName: 'alice', SerialNumber: device.SerialNumber };
    const bob = aws.iam(keyOf('bob'));

    await bob.send(new EnableMFADeviceCommand({ ...input, ...aws.codes(device.seed) }));

    await expect(bob.send(new DeactivateMFADeviceCommand(input))).resolves.toBeDefined();
  });
});

describe('tags', () => {
  it('are listed by key, and replaced and removed case-insensitively', async () => {
    const { SerialNumber } = await createDevice(aws, 'phone');
    const tags = ['b', 'a', 'C', 'd'].map((Key) => ({ Key, Value: `value of ${Key}` }));

    await admin().send(new TagMFADeviceCommand({ SerialNumber, Tags: tags }));
    await admin().send(new TagMFADeviceCommand({ SerialNumber, Tags: [{ Key: 'a', Value: '=new=' }] }));
    await admin().send(new UntagMFADeviceCommand({ SerialNumber, TagKeys: ['c', 'd'] }));

    const { Tags } = await admin().send(new ListMFADeviceTagsCommand({ SerialNumber }));
    expect(Tags).toEqual([
      { Key: 'a', Value: '=new=' },
      { Key: 'b', Value: 'value of b' },
    ]);
  });

  it.each([
    ['a key of AWS', [{ Key: 'aws:x', Value: '1' }], 'InvalidInput'],
    [
      'a key twice',
      [
        { Key: 'x', Value: '1' },
        { Key: 'X', Value: '2' },
      ],
      'InvalidInput',
    ],
    ['a value that is too long', [{ Key: 'x', Value: 'y'.repeat(257) }], 'ValidationError'],
    ['a key with a forbidden character', [{ Key: 'x*', Value: '' }], 'ValidationError'],
    [
      '51 tags',
      Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
      'ValidationError',
    ],
  ])('refuses %s', async (_case, Tags, code) => {
    const { SerialNumber } = await createDevice(aws, 'phone');

    const failure = await failureOf(admin().send(new TagMFADeviceCommand({ SerialNumber, Tags })));

    expect(failure).toMatchObject({ status: 400, code });
  });

  it('refuses a 51st tag and tags of an unknown device', async () => {
    const { SerialNumber } = await createDevice(aws, 'phone');
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await admin().send(new TagMFADeviceCommand({ SerialNumber, Tags }));
    const one = [{ Key: 'one-more', Value: '' }];

    const full = await failureOf(admin().send(new TagMFADeviceCommand({ SerialNumber, Tags: one })));
    const unknown = await failureOf(
      admin().send(new TagMFADeviceCommand({ SerialNumber: missing, Tags: one })),
    );

    expect(full).toMatchObject({ status: 409, code: 'LimitExceeded' });
    expect(unknown).toMatchObject({ status: 404, code: 'NoSuchEntity' });
  });
});

describe('GetMFADevice', () => {
  it('describes a FIDO key', async () => {
    const SerialNumber = `${accountArn}:u2f/user/dora/key-LOCALDORA0001`;

    const answer = await admin().send(new GetMFADeviceCommand({ SerialNumber, UserName: 'dora' }));

    expect(answer).toMatchObject({ UserName: 'dora', SerialNumber, Certifications: { FIDO: 'L1' } });
  });

  it('refuses a virtual device', async () => {
    const input = { SerialNumber: bobsPhone.SerialNumber, UserName: 'bob' };

    const failure = await failureOf(admin().send(new GetMFADeviceCommand(input)));

    expect(failure).toMatchObject({ status: 400, code: 'ValidationError' });
  });
});

describe('paging', () => {
  it('lists 1,000 devices in pages of 300, none lost or repeated while others come and go', async () => {
    for (let index = 0; index < 999; index++) {
      aws.account.devices.createVirtual(`${accountArn}:mfa/device-${String(index).padStart(4, '0')}`, []);
    }
    const seen: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await admin().send(new ListVirtualMFADevicesCommand({ Marker, MaxItems: 300 }));
      seen.push(...(page.VirtualMFADevices ?? []).map(({ SerialNumber }) => SerialNumber ?? ''));
      Marker = page.Marker;
      if (seen.length === 300) aws.account.devices.deleteVirtual(seen.at(-1) ?? '');
    } while (Marker !== undefined);

    expect(seen.length).toBe(1000);
    expect(new Set(seen).size).toBe(1000);
  });

  it('shows 100 by default and marks the end', async () => {
    for (let index = 0; index < 150; index++)
      aws.account.devices.createVirtual(`${accountArn}:mfa/d${index}`, []);

    const first = await admin().send(new ListVirtualMFADevicesCommand({}));
    const last = await admin().send(new ListVirtualMFADevicesCommand({ Marker: first.Marker }));

    expect(first).toMatchObject({ IsTruncated: true, VirtualMFADevices: { length: 100 } });
    expect(last).toMatchObject({ IsTruncated: false, VirtualMFADevices: { length: 51 } });
    expect(last.Marker).toBeUndefined();
  });

  it.each(['x', 'AAAA', Buffer.from('{}').toString('base64url')])('refuses the marker %s', async (Marker) => {
    const failure = await failureOf(admin().send(new ListVirtualMFADevicesCommand({ Marker })));

    expect(failure).toEqual({ status: 400, code: 'ValidationError', message: 'Invalid Marker.' });
  });

  it('refuses another list’s marker', async () => {
    for (let index = 0; index < 3; index++) await enableDevice(aws, 'alice', `device-${index}`);
    const { Marker } = await admin().send(new ListMFADevicesCommand({ UserName: 'alice', MaxItems: 1 }));

    const failure = await failureOf(admin().send(new ListVirtualMFADevicesCommand({ Marker })));

    expect(failure.message).toBe('Invalid Marker.');
  });
});
