import {
  GetUserCommand,
  type IAMClient,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import { Problem } from '../../contract/problem.ts';
import type { ActiveDevice, Tags } from '../../devices/ports.ts';
import type { IamUser } from '../../recoveries/ports.ts';

interface Options {
  readonly abortSignal: AbortSignal;
}

/** A user as IAM knows him. */
export async function readUser(iam: IAMClient, UserName: string, options: Options): Promise<IamUser> {
  const { User } = await iam.send(new GetUserCommand({ UserName }), options);
  return { userName: required(User?.UserName), userId: required(User?.UserId), userArn: required(User?.Arn) };
}

/** Devices of every kind that are enabled for a user. */
export async function readActive(
  iam: IAMClient,
  UserName: string,
  options: Options,
): Promise<readonly ActiveDevice[]> {
  const pages = await allPages((page) => iam.send(new ListMFADevicesCommand({ UserName, ...page }), options));
  return pages.flatMap(({ MFADevices = [] }) => MFADevices.map(toActiveDevice));
}

/** Serial numbers of the account's virtual devices that nobody holds and that begin with `prefix`. */
export async function readUnassigned(
  iam: IAMClient,
  prefix: string,
  options: Options,
): Promise<readonly string[]> {
  const pages = await allPages((page) =>
    iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned', ...page }), options),
  );
  return pages
    .flatMap(({ VirtualMFADevices = [] }) => VirtualMFADevices.map((device) => required(device.SerialNumber)))
    .filter((serialNumber) => serialNumber.startsWith(prefix));
}

export async function readTags(iam: IAMClient, SerialNumber: string, options: Options): Promise<Tags> {
  const pages = await allPages((page) =>
    iam.send(new ListMFADeviceTagsCommand({ SerialNumber, ...page }), options),
  );
  const tags = pages.flatMap(({ Tags = [] }) => Tags);
  return Object.fromEntries(tags.map(({ Key, Value }) => [required(Key), Value ?? '']));
}

interface PageInput {
  readonly MaxItems: number;
  readonly Marker?: string;
}

/** Every page of a list. Most have one, for which the SDK's paginators would be a burden. */
async function allPages<Page extends { Marker?: string | undefined }>(
  ask: (input: PageInput) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages = [await ask({ MaxItems: 1000 })];
  for (let Marker = pages[0]?.Marker; Marker; Marker = pages.at(-1)?.Marker) {
    pages.push(await ask({ MaxItems: 1000, Marker }));
  }
  return pages;
}

const toActiveDevice = (device: {
  SerialNumber?: string | undefined;
  EnableDate?: Date | undefined;
}): ActiveDevice => ({
  serialNumber: required(device.SerialNumber),
  enabledAt: required(device.EnableDate),
});

/** AWS's answers mark as optional what they always carry. */
export function required<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Problem('upstream-failed', 'AWS left out what its answer should have said.');
  return value;
}
