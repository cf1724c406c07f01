import type { Caller } from '../contract/caller.ts';
import { isProblem } from '../contract/problem.ts';
import { deviceKindOf, type Owner } from './device-id.ts';
import type { ActiveDevice, MfaDirectory, Tags } from './ports.ts';
import { productTags } from './tags.ts';

/** What IAM says of a device before it is changed. */
export interface DeviceReading {
  /** The caller's active devices, as IAM lists them. */
  readonly list: readonly ActiveDevice[];
  /** Undefined if the device does not exist, is of a kind without tags, or is in another account. */
  readonly tags: Tags | undefined;
}

/** Reads both at the same time. Throws whatever the directory throws but `device-not-found`. */
export async function readDevice(serialNumber: string, context: ReadingContext): Promise<DeviceReading> {
  const [list, tags] = await Promise.all([context.directory.listActive(), tagsOf(serialNumber, context)]);
  return { list, tags };
}

interface ReadingContext {
  readonly caller: Owner;
  readonly directory: Pick<MfaDirectory, 'listActive' | 'listTags'>;
}

async function tagsOf(
  serialNumber: string,
  { caller, directory }: ReadingContext,
): Promise<Tags | undefined> {
  // About devices of other accounts IAM denies any answer.
  const isLocal = serialNumber.startsWith(`arn:${caller.partition}:iam::${caller.accountId}:`);
  return isLocal ? tagsIfAny(serialNumber, directory) : undefined;
}

/** Undefined if the device does not exist, or is of a kind without tags. */
async function tagsIfAny(
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

/** Whether a device with these tags has the caller's owner tag. An earlier user of the same name had another UserId. */
export const hasOwnerTag = (
  { userId }: Pick<Caller, 'userId'>,
  { tags }: Pick<DeviceReading, 'tags'>,
): boolean => tags?.[productTags.owner] === userId;

/** Reads whether the device has the caller's owner tag. Throws whatever the directory throws but `device-not-found`. */
export const isOwned = async (
  caller: Pick<Caller, 'userId'>,
  serialNumber: string,
  directory: Pick<MfaDirectory, 'listTags'>,
): Promise<boolean> => hasOwnerTag(caller, { tags: await tagsIfAny(serialNumber, directory) });

export const isListed = (serialNumber: string, { list }: DeviceReading): boolean =>
  list.some((device) => device.serialNumber === serialNumber);
