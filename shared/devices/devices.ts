import type { Caller } from '../contract/caller.ts';
import { mostPendingShown } from '../contract/creation-limits.ts';
import { Problem } from '../contract/problem.ts';
import type { Cursors } from '../lib/cursor.ts';
import { mapConcurrently } from '../lib/map-concurrently.ts';
import {
  type DeviceKind,
  deviceIdOf,
  deviceKindOf,
  deviceNameOf,
  isOwnPath,
  type Owner,
  ownPrefix,
} from './device-id.ts';
import { hasOwnerTag, isOwned, readDevice } from './device-reading.ts';
import { type Page, type PageRequest, pageOf } from './paging.ts';
import type { ActiveDevice, MfaDirectory, Tags } from './ports.ts';
import { ownTags, productTags } from './tags.ts';

/** A device as its owner sees it in a list. Times are RFC 3339. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly serialNumber: string;
  readonly status: 'pending' | 'active';
  readonly enabledAt?: string;
}

/** A single device. */
export interface DeviceDetails extends Device {
  readonly label?: string;
  readonly expiresAt?: string;
  readonly tags: Tags;
}

/** What use cases on the caller's devices need. */
export interface DeviceContext {
  readonly caller: Caller;
  readonly directory: MfaDirectory;
}

export interface DeviceListContext extends DeviceContext {
  readonly cursors: Cursors;
}

/** Calls to IAM under way for one list. */
const concurrency = 4;

/**
 * The caller's devices: first the active ones of every kind, then the pending ones that the caller created. Of those
 * that are not enabled in the caller's path, only so many are looked at, first by name, as this service lets a user
 * have: IAM answers for the tags of one device at a time, and takes only so many calls from the account.
 */
export async function listDevices({ caller, directory }: DeviceContext): Promise<Device[]> {
  const [active, unassigned] = await Promise.all([
    directory.listActive(),
    directory.listUnassigned(ownPrefix(caller)),
  ]);
  const held = new Set(active.map(({ serialNumber }) => serialNumber));
  const candidates = unassigned
    .filter((serial) => isOwnPath(caller, serial) && !held.has(serial))
    .sort()
    .slice(0, mostPendingShown);
  const owned = await mapConcurrently(candidates, concurrency, (serial) =>
    isOwned(caller, serial, directory),
  );
  const pending = candidates.filter((_, index) => owned[index]);
  return [
    ...active.map((device) => activeDevice(caller, device)),
    ...pending.map((serial) => pendingDevice(caller, serial)),
  ];
}

/** A page of the caller's devices. Throws `validation-failed` for a cursor that is not from this list. */
export async function pageOfDevices(
  request: PageRequest,
  { cursors, ...context }: DeviceListContext,
): Promise<Page<Device>> {
  const keyOf = ({ status, serialNumber }: Device) => `${status} ${serialNumber}`;
  const devices = await listDevices(context);
  const ordered = devices.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return pageOf(ordered, keyOf, request, cursors);
}

/** One of the caller's devices. Throws `device-not-found`, also for another user's device. */
export async function getDevice(
  serialNumber: string,
  { caller, directory }: DeviceContext,
): Promise<DeviceDetails> {
  const read = await readDevice(serialNumber, { caller, directory });
  const tags = read.tags ?? {};
  const found = read.list.find((device) => device.serialNumber === serialNumber);
  if (found) return withTags(activeDevice(caller, found), tags);
  if (!isOwnPath(caller, serialNumber) || !hasOwnerTag(caller, read)) throw deviceNotFound();
  // A device that another user holds is not pending, whoever created it.
  const unassigned = await directory.listUnassigned(serialNumber);
  if (!unassigned.includes(serialNumber)) throw deviceNotFound();
  return withTags(pendingDevice(caller, serialNumber), tags);
}

export const deviceNotFound = (): Problem =>
  new Problem(
    'device-not-found',
    'You have no device with this id. GET /v1/me/mfa-devices lists those you have.',
  );

export const activeDevice = (caller: Owner, { serialNumber, enabledAt }: ActiveDevice): Device => ({
  ...identified(caller, serialNumber),
  status: 'active',
  enabledAt: enabledAt.toISOString(),
});

export const pendingDevice = (caller: Caller, serialNumber: string): Device => ({
  ...identified(caller, serialNumber),
  status: 'pending',
});

/** The device with what its tags say. */
export function withTags(device: Device, tags: Tags): DeviceDetails {
  const label = tags[productTags.label];
  const expiresAt = tags[productTags.expiresAt];
  return {
    ...device,
    ...(label !== undefined && { label }),
    ...(expiresAt !== undefined && device.status === 'pending' && { expiresAt }),
    tags: ownTags(tags),
  };
}

const identified = (caller: Owner, serialNumber: string) => ({
  id: deviceIdOf(caller, serialNumber),
  name: deviceNameOf(serialNumber),
  kind: deviceKindOf(serialNumber),
  serialNumber,
});
