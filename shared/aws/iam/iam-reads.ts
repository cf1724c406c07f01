import {
  type AssignmentStatusType,
  GetUserCommand,
  ListEntitiesForPolicyCommand,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListVirtualMFADevicesCommand,
  type VirtualMFADevice,
} from '@aws-sdk/client-iam';
import { Problem } from '../../contract/problem.ts';
import type { ActiveDevice, Tags } from '../../devices/ports.ts';
import type { HeldUser } from '../../recoveries/execution/reconcile-ports.ts';
import type { IamUser } from '../../recoveries/ports.ts';
import type { IamCall } from './iam-call.ts';

/** IAM has the same code for an unknown user and an unknown device. */
export const noUser = { NoSuchEntity: 'user-not-found' } as const;
export const noDevice = { NoSuchEntity: 'device-not-found' } as const;

/** A user as IAM knows them. */
export async function readUser(call: IamCall, UserName: string): Promise<IamUser> {
  const { User } = await call(new GetUserCommand({ UserName }), noUser);
  return { userName: required(User?.UserName), userId: required(User?.UserId), userArn: required(User?.Arn) };
}

/** Devices of every kind that are enabled for a user. */
export async function readActive(call: IamCall, UserName: string): Promise<readonly ActiveDevice[]> {
  const pages = pagesOf((page) => call(new ListMFADevicesCommand({ UserName, ...page }), noUser));
  const devices = (await Array.fromAsync(pages)).flatMap(({ MFADevices = [] }) => MFADevices);
  return devices.map(({ SerialNumber, EnableDate }) => ({
    serialNumber: required(SerialNumber),
    enabledAt: required(EnableDate),
  }));
}

/** Serial numbers of the account's unassigned virtual devices that begin with `prefix`. */
export async function readUnassigned(call: IamCall, prefix: string): Promise<readonly string[]> {
  const pages = await Array.fromAsync(virtualDevices(call, 'Unassigned'));
  return pages
    .flat()
    .map(({ SerialNumber }) => required(SerialNumber))
    .filter((serialNumber) => serialNumber.startsWith(prefix));
}

/** Pages of the account's virtual devices. */
export async function* virtualDevices(
  call: IamCall,
  AssignmentStatus: AssignmentStatusType,
): AsyncGenerator<readonly VirtualMFADevice[]> {
  const pages = pagesOf((page) => call(new ListVirtualMFADevicesCommand({ AssignmentStatus, ...page })));
  for await (const { VirtualMFADevices = [] } of pages) yield VirtualMFADevices;
}

export async function readTags(call: IamCall, SerialNumber: string): Promise<Tags> {
  const pages = pagesOf((page) => call(new ListMFADeviceTagsCommand({ SerialNumber, ...page }), noDevice));
  const tags = (await Array.fromAsync(pages)).flatMap(({ Tags = [] }) => Tags);
  return Object.fromEntries(tags.map(({ Key, Value }) => [required(Key), Value ?? '']));
}

/** Users to whom a managed policy is attached. */
export async function readHolders(call: IamCall, PolicyArn: string): Promise<readonly HeldUser[]> {
  const filter = { PolicyArn, EntityFilter: 'User', PolicyUsageFilter: 'PermissionsPolicy' } as const;
  const pages = pagesOf((page) => call(new ListEntitiesForPolicyCommand({ ...filter, ...page })));
  const users = (await Array.fromAsync(pages)).flatMap(({ PolicyUsers = [] }) => PolicyUsers);
  return users.map(({ UserName, UserId }) => ({ userName: required(UserName), userId: required(UserId) }));
}

interface PageInput {
  readonly MaxItems: number;
  readonly Marker?: string;
}

/** The pages of a list, one call each. Most lists have one page, so the SDK's paginators are not worth their size. */
async function* pagesOf<Page extends { Marker?: string | undefined }>(
  ask: (input: PageInput) => Promise<Page>,
): AsyncGenerator<Page> {
  let Marker: string | undefined;
  do {
    const page = await ask({ MaxItems: 1000, ...(Marker && { Marker }) });
    yield page;
    Marker = page.Marker;
  } while (Marker);
}

/** Unwraps a member that the SDK types as optional although AWS always returns it. */
export function required<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Problem('upstream-failed', 'The answer of AWS was incomplete. Try again.');
  return value;
}
