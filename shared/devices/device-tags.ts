import { Problem } from '../contract/problem.ts';
import { deviceKindOf } from './device-id.ts';
import {
  activeDevice,
  assertOwned,
  type DeviceContext,
  type DeviceDetails,
  pendingDevice,
  withTags,
} from './devices.ts';
import type { ActiveDevice, Tags } from './ports.ts';
import { ownTags, productTags } from './tags.ts';

/** The owner's own tags. Throws `device-not-found`, `not-taggable` and whatever the directory throws. */
export async function listDeviceTags(serialNumber: string, context: DeviceContext): Promise<Tags> {
  await assertTaggable(serialNumber, context);
  return ownTags(await context.directory.listTags(serialNumber));
}

/** Adds tags, or overwrites their values; returns all of the owner's tags. Also throws `tag-limit`. */
export async function tagDevice(serialNumber: string, tags: Tags, context: DeviceContext): Promise<Tags> {
  await assertTaggable(serialNumber, context);
  await context.directory.tag(serialNumber, tags);
  return ownTags(await context.directory.listTags(serialNumber));
}

/** Removes tags, ignoring keys that the device does not have. Throws as `listDeviceTags` does. */
export async function untagDevice(
  serialNumber: string,
  keys: readonly string[],
  context: DeviceContext,
): Promise<void> {
  await assertTaggable(serialNumber, context);
  await context.directory.untag(serialNumber, keys);
}

/** Labels the device, or removes the label if it is null; returns the device. Also throws `tag-limit`. */
export async function labelDevice(
  serialNumber: string,
  label: string | null,
  context: DeviceContext,
): Promise<DeviceDetails> {
  const { caller, directory } = context;
  const active = await assertTaggable(serialNumber, context);
  if (label === null) await directory.untag(serialNumber, [productTags.label]);
  else await directory.tag(serialNumber, { [productTags.label]: label });
  const found = active.find((device) => device.serialNumber === serialNumber);
  const device = found ? activeDevice(caller, found) : pendingDevice(caller, serialNumber);
  return withTags(device, await directory.listTags(serialNumber));
}

/** Returns the caller's active devices. */
async function assertTaggable(
  serialNumber: string,
  { caller, directory }: DeviceContext,
): Promise<readonly ActiveDevice[]> {
  const { active } = await assertOwned(caller, serialNumber, directory);
  if (deviceKindOf(serialNumber) !== 'virtual') {
    throw new Problem('not-taggable', 'AWS keeps tags for virtual devices only.');
  }
  return active;
}
