import type { Caller } from '../contract/caller.ts';
import { deviceNamePattern, serialNumberPattern } from '../contract/patterns.ts';
import { Problem } from '../contract/problem.ts';

/** The user whose devices they are. */
export type Owner = Pick<Caller, 'partition' | 'accountId' | 'userName'>;
export type DeviceKind = 'virtual' | 'hardware-totp' | 'fido';

/** The IAM path under which a user's devices are created. */
export const ownPath = (userName: string): string => `/self-service/${userName}/`;

/** Prefix of the serial numbers of a user's own virtual devices. */
export const ownPrefix = ({ partition, accountId, userName }: Owner): string =>
  `arn:${partition}:iam::${accountId}:mfa${ownPath(userName)}`;

/** A device's id: its name if it is in the owner's path, otherwise `~` and its serial number in base64url. */
export function deviceIdOf(owner: Owner, serialNumber: string): string {
  return ownNameOf(owner, serialNumber) ?? `~${Buffer.from(serialNumber).toString('base64url')}`;
}

/** The serial number that an id stands for. Throws `device-not-found` for an id that no device can have. */
export function serialNumberOf(owner: Owner, deviceId: string): string {
  const serialNumber = deviceId.startsWith('~')
    ? Buffer.from(deviceId.slice(1), 'base64url').toString()
    : `${ownPrefix(owner)}${deviceId}`;
  if (!serialNumberPattern.test(serialNumber) || deviceIdOf(owner, serialNumber) !== deviceId) {
    throw new Problem(
      'device-not-found',
      'No device can have this id. GET /v1/me/mfa-devices lists those you have.',
    );
  }
  return serialNumber;
}

/** True for a virtual device in the owner's own path. */
export const isOwnPath = (owner: Owner, serialNumber: string): boolean =>
  ownNameOf(owner, serialNumber) !== undefined;

/** A device's name: the last part of its serial number. */
export const deviceNameOf = (serialNumber: string): string =>
  serialNumber.slice(serialNumber.lastIndexOf('/') + 1);

/** Inferred from the serial number: an ARN, or a bare number for hardware TOTP. */
export function deviceKindOf(serialNumber: string): DeviceKind {
  if (!serialNumber.startsWith('arn:')) return 'hardware-totp';
  return serialNumber.split(':')[5]?.startsWith('mfa/') ? 'virtual' : 'fido';
}

function ownNameOf(owner: Owner, serialNumber: string): string | undefined {
  const prefix = ownPrefix(owner);
  const name = serialNumber.startsWith(prefix) ? serialNumber.slice(prefix.length) : '';
  return deviceNamePattern.test(name) ? name : undefined;
}
