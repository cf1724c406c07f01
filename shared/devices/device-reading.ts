import type { Caller } from '../contract/caller.ts';
import { isProblem } from '../contract/problem.ts';
import { deviceKindOf } from './device-id.ts';
import type { ActiveDevice, MfaDirectory, Tags } from './ports.ts';
import { productTags } from './tags.ts';

/** What IAM says of a device before it is changed. */
export interface DeviceReading {
  /** The caller's active devices, as IAM lists them. */
  readonly list: readonly ActiveDevice[];
  /** Undefined if the device does not exist, or is of a kind without tags. */
  readonly tags: Tags | undefined;
}

/** Reads both at the same time. Throws whatever the directory throws but `device-not-found`. */
export async function readDevice(
  serialNumber: string,
  { directory }: { readonly directory: Pick<MfaDirectory, 'listActive' | 'listTags'> },
): Promise<DeviceReading> {
  const [list, tags] = await Promise.all([directory.listActive(), tagsOf(serialNumber, directory)]);
  return { list, tags };
}

async function tagsOf(
  serialNumber: string,
  directory: Pick<MfaDirectory, 'listTags'>,
): Promise<Tags | undefined> {
  if (deviceKindOf(serialNumber) !== 'virtual') return undefined;
  try {
    return await directory.listTags(serialNumber);
  } catch (error) {
    if (isProblem(error, 'device-not-found')) return undefined;
    throw error;
  }
}

/** Whether the device has the caller's owner tag. An earlier user of the same name had another UserId. */
export const hasOwnerTag = ({ userId }: Pick<Caller, 'userId'>, { tags }: DeviceReading): boolean =>
  tags?.[productTags.owner] === userId;

export const isListed = (serialNumber: string, { list }: DeviceReading): boolean =>
  list.some((device) => device.serialNumber === serialNumber);
