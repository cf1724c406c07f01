import QRCode from 'qrcode';
import { validationError } from '../aws-error.ts';
import { type Device, guardSelfManagement } from '../devices.ts';
import { type Call, type Operation, onUser, operation, type Permission, userNameOr } from '../operation.ts';
import { pageOf } from '../pages.ts';
import {
  authenticationCode,
  deviceName,
  list,
  paging,
  path,
  required,
  requiredList,
  serialNumber,
  tag,
  tagKey,
  text,
  userName,
} from '../parameters.ts';
import { requestTagContext, resourceTagContext, withoutTags, withTags } from '../tags.ts';
import { userSummary } from './users.ts';

const createVirtualMfaDevice = operation({
  service: 'iam',
  name: 'CreateVirtualMFADevice',
  parameters: { Path: path, VirtualMFADeviceName: required(deviceName), Tags: list(tag) },
  permissions({ Path, VirtualMFADeviceName, Tags = [] }, { account }) {
    const resource = deviceArn(account.accountId, Path, VirtualMFADeviceName);
    const context = requestTagContext(Tags);
    const create = { action: 'iam:CreateVirtualMFADevice', resource, context };
    return Tags.length === 0 ? [create] : [create, { ...create, action: 'iam:TagMFADevice' }];
  },
  async run({ Path, VirtualMFADeviceName, Tags = [] }, { account }) {
    const serial = deviceArn(account.accountId, Path, VirtualMFADeviceName);
    if (serial.length > 256)
      throw validationError('The serial number must not be longer than 256 characters.');
    const { seed, tags } = account.devices.createVirtual(serial, withTags([], Tags));
    const label = `${VirtualMFADeviceName}@${account.accountId}`;
    return {
      VirtualMFADevice: {
        SerialNumber: serial,
        Base32StringSeed: Buffer.from(seed),
        QRCodePNG: await QRCode.toBuffer(`otpauth://totp/${label}?secret=${seed}`),
        Tags: tags.length > 0 ? tags.map(({ Key, Value }) => ({ Key, Value })) : undefined,
      },
    };
  },
});

const enableMfaDevice = operation({
  service: 'iam',
  name: 'EnableMFADevice',
  parameters: {
    UserName: required(userName),
    SerialNumber: required(serialNumber),
    AuthenticationCode1: required(authenticationCode),
    AuthenticationCode2: required(authenticationCode),
  },
  permissions: ({ UserName }, call) => onUser('iam:EnableMFADevice', UserName, call),
  run({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }, { account, principal, now }) {
    const user = account.users.get(UserName);
    guardSelfManagement(principal, user, account.devices);
    account.devices.enable(user, SerialNumber, [AuthenticationCode1, AuthenticationCode2], now);
    return undefined;
  },
});

const deactivateMfaDevice = operation({
  service: 'iam',
  name: 'DeactivateMFADevice',
  parameters: { UserName: userName, SerialNumber: required(serialNumber) },
  permissions: ({ UserName }, call) => onUser('iam:DeactivateMFADevice', userNameOr(UserName, call), call),
  run({ UserName, SerialNumber }, call) {
    const { account, principal, now } = call;
    const user = account.users.get(userNameOr(UserName, call));
    guardSelfManagement(principal, user, account.devices);
    account.devices.deactivate(user, SerialNumber, now);
    return undefined;
  },
});

const resyncMfaDevice = operation({
  service: 'iam',
  name: 'ResyncMFADevice',
  parameters: {
    UserName: required(userName),
    SerialNumber: required(serialNumber),
    AuthenticationCode1: required(authenticationCode),
    AuthenticationCode2: required(authenticationCode),
  },
  permissions: ({ UserName }, call) => onUser('iam:ResyncMFADevice', UserName, call),
  run({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }, { account, now }) {
    const user = account.users.get(UserName);
    account.devices.resync(user, SerialNumber, [AuthenticationCode1, AuthenticationCode2], now);
    return undefined;
  },
});

const listMfaDevices = operation({
  service: 'iam',
  name: 'ListMFADevices',
  parameters: { UserName: userName, ...paging },
  permissions: ({ UserName }, call) => onUser('iam:ListMFADevices', userNameOr(UserName, call), call),
  run({ UserName, ...page }, call) {
    const user = call.account.users.get(userNameOr(UserName, call));
    const devices = call.account.devices.listed.all().filter(({ owner }) => owner?.userId === user.userId);
    const { items, paging } = pageOf('ListMFADevices', devices, ({ sequence }) => sequence, page);
    return {
      MFADevices: items.map((device) => ({
        UserName: user.userName,
        SerialNumber: device.serialNumber,
        EnableDate: enableDate(device),
      })),
      ...paging,
    };
  },
});

const listVirtualMfaDevices = operation({
  service: 'iam',
  name: 'ListVirtualMFADevices',
  parameters: { AssignmentStatus: text({ values: ['Assigned', 'Unassigned', 'Any'] }), ...paging },
  permissions: () => [{ action: 'iam:ListVirtualMFADevices', resource: '*' }],
  run({ AssignmentStatus = 'Any', ...page }, { account }) {
    const devices = account.devices.listed
      .all()
      .filter(({ kind, owner }) => kind === 'virtual' && isWanted(AssignmentStatus, owner !== undefined));
    const { items, paging } = pageOf('ListVirtualMFADevices', devices, ({ sequence }) => sequence, page);
    return {
      VirtualMFADevices: items.map((device) => {
        const owner = device.owner && account.users.withId(device.owner.userId);
        const user = owner && { User: userSummary(owner), EnableDate: enableDate(device) };
        return { SerialNumber: device.serialNumber, ...user };
      }),
      ...paging,
    };
  },
});

function isWanted(status: string, assigned: boolean): boolean {
  return status === 'Any' || status === (assigned ? 'Assigned' : 'Unassigned');
}

const getMfaDevice = operation({
  service: 'iam',
  name: 'GetMFADevice',
  parameters: { SerialNumber: required(serialNumber), UserName: userName },
  permissions: ({ UserName }, call) => onUser('iam:GetMFADevice', userNameOr(UserName, call), call),
  run({ SerialNumber, UserName }, call) {
    const user = call.account.users.get(userNameOr(UserName, call));
    const device = call.account.devices.get(SerialNumber);
    if (device.kind !== 'fido')
      throw validationError('GetMFADevice is supported for FIDO security keys only.');
    if (device.owner?.userId !== user.userId) throw validationError('MFA Device invalid for user.');
    const certifications = new Map([['FIDO', 'L1']]);
    return {
      UserName: user.userName,
      SerialNumber,
      EnableDate: enableDate(device),
      Certifications: certifications,
    };
  },
});

const tagMfaDevice = operation({
  service: 'iam',
  name: 'TagMFADevice',
  parameters: { SerialNumber: required(serialNumber), Tags: requiredList(tag) },
  permissions: ({ SerialNumber, Tags }, call) => [
    onDevice('iam:TagMFADevice', SerialNumber, call, requestTagContext(Tags)),
  ],
  run({ SerialNumber, Tags }, { account }) {
    const device = virtualDevice(account.devices.get(SerialNumber));
    device.tags = withTags(device.tags, Tags);
    return undefined;
  },
});

const untagMfaDevice = operation({
  service: 'iam',
  name: 'UntagMFADevice',
  parameters: { SerialNumber: required(serialNumber), TagKeys: requiredList(required(tagKey)) },
  permissions: ({ SerialNumber, TagKeys }, call) => [
    onDevice('iam:UntagMFADevice', SerialNumber, call, { 'aws:TagKeys': TagKeys }),
  ],
  run({ SerialNumber, TagKeys }, { account }) {
    const device = virtualDevice(account.devices.get(SerialNumber));
    device.tags = withoutTags(device.tags, TagKeys);
    return undefined;
  },
});

const listMfaDeviceTags = operation({
  service: 'iam',
  name: 'ListMFADeviceTags',
  parameters: { SerialNumber: required(serialNumber), ...paging },
  permissions: ({ SerialNumber }, call) => [onDevice('iam:ListMFADeviceTags', SerialNumber, call)],
  run({ SerialNumber, ...page }, { account }) {
    const device = virtualDevice(account.devices.get(SerialNumber));
    const { items, paging } = pageOf('ListMFADeviceTags', device.tags, ({ Key }) => Key, page);
    return { Tags: items.map(({ Key, Value }) => ({ Key, Value })), ...paging };
  },
});

const deleteVirtualMfaDevice = operation({
  service: 'iam',
  name: 'DeleteVirtualMFADevice',
  parameters: { SerialNumber: required(serialNumber) },
  permissions: ({ SerialNumber }, call) => [onDevice('iam:DeleteVirtualMFADevice', SerialNumber, call)],
  run({ SerialNumber }, { account }) {
    account.devices.deleteVirtual(SerialNumber);
    return undefined;
  },
});

export const mfaDeviceOperations: readonly Operation[] = [
  createVirtualMfaDevice,
  enableMfaDevice,
  deactivateMfaDevice,
  resyncMfaDevice,
  listMfaDevices,
  listVirtualMfaDevices,
  getMfaDevice,
  tagMfaDevice,
  untagMfaDevice,
  listMfaDeviceTags,
  deleteVirtualMfaDevice,
];

function deviceArn(accountId: string, devicePath = '/', name: string): string {
  return `arn:aws:iam::${accountId}:mfa${devicePath}${name}`;
}

function onDevice(action: string, serial: string, { account }: Call, context = {}): Permission {
  const resource = serial.startsWith('arn:') ? serial : deviceArn(account.accountId, '/', serial);
  const tags = account.devices.find(serial)?.tags ?? [];
  return { action, resource, context: { ...resourceTagContext(tags), ...context } };
}

function virtualDevice(device: Device): Device {
  if (device.kind !== 'virtual') throw validationError('Tags are supported for virtual MFA devices only.');
  return device;
}

function enableDate({ owner }: Device): Date | undefined {
  return owner && new Date(owner.enabledAt);
}
