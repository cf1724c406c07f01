import { Problem } from '../contract/problem.ts';
import { deviceKindOf } from './device-id.ts';
import { hasOwnerTag, isListed, readDevice } from './device-reading.ts';
import {
  activeDevice,
  type Device,
  type DeviceContext,
  type DeviceDetails,
  deviceNotFound,
  pendingDevice,
  withTags,
} from './devices.ts';
import type { Tags } from './ports.ts';
import { ownTags, productTags } from './tags.ts';

/** The owner's own tags. Throws `device-not-found`, `not-taggable` and whatever the directory throws. */
export async function listDeviceTags(serialNumber: string, context: DeviceContext): Promise<Tags> {
  const { tags } = await readTaggable(serialNumber, context);
  return ownTags(tags);
}

/** Adds tags, or overwrites their values; returns all of the owner's tags. Also throws `tag-limit`. */
export async function tagDevice(serialNumber: string, added: Tags, context: DeviceContext): Promise<Tags> {
  const { tags } = await readTaggable(serialNumber, context);
  await context.directory.tag(serialNumber, added);
  return ownTags({ ...tags, ...added });
}

/** Removes tags, ignoring keys that the device does not have. Throws as `listDeviceTags` does. */
export async function untagDevice(
  serialNumber: string,
  keys: readonly string[],
  context: DeviceContext,
): Promise<void> {
  await readTaggable(serialNumber, context);
  await context.directory.untag(serialNumber, keys);
}

/** Labels the device, or removes the label if it is null; returns the device. Also throws `tag-limit`. */
export async function labelDevice(
  serialNumber: string,
  label: string | null,
  context: DeviceContext,
): Promise<DeviceDetails> {
  const { device, tags } = await readTaggable(serialNumber, context);
  const { [productTags.label]: _former, ...others } = tags;
  if (label === null) {
    await context.directory.untag(serialNumber, [productTags.label]);
    return withTags(device, others);
  }
  await context.directory.tag(serialNumber, { [productTags.label]: label });
  return withTags(device, { ...others, [productTags.label]: label });
}

/** One of the caller's virtual devices, with all its tags. */
async function readTaggable(
  serialNumber: string,
  context: DeviceContext,
): Promise<{ readonly device: Device; readonly tags: Tags }> {
  const { caller } = context;
  const read = await readDevice(serialNumber, context);
  const { list, tags } = read;
  if (!isListed(serialNumber, read) && !hasOwnerTag(caller, read)) throw deviceNotFound();
  if (deviceKindOf(serialNumber) !== 'virtual') {
    throw new Problem('not-taggable', 'AWS keeps tags for virtual devices only.');
  }
  // Deleted, although the list still shows it.
  if (tags === undefined) throw deviceNotFound();
  const found = list.find((device) => device.serialNumber === serialNumber);
  return { device: found ? activeDevice(caller, found) : pendingDevice(caller, serialNumber), tags };
}
