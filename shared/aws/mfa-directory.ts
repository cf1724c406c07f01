import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  type IAMClient,
  paginateListMFADevices,
  paginateListMFADeviceTags,
  paginateListVirtualMFADevices,
  ResyncMFADeviceCommand,
  type Tag,
  TagMFADeviceCommand,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import type { Caller } from '../caller.ts';
import type { Operation } from '../contract/operation.ts';
import { Problem } from '../contract/problem.ts';
import type { ActiveDevice, ConsecutiveCodes, MfaDirectory, Tags } from '../mfa/ports.ts';
import { observation } from '../observation.ts';
import { type CallerClients, callerClients, forgetCallerClients } from './caller-clients.ts';
import { abortable } from './client.ts';
import { errorCodeOf, toProblem } from './errors.ts';

interface Scope {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/**
 * The caller's devices in IAM, reached with credentials that can touch nobody else's.
 * @param serialNumbers the devices that the request addresses; none for all of the caller's own path
 */
export function mfaDirectory(
  { operation, caller, signal }: Scope,
  ...serialNumbers: readonly string[]
): MfaDirectory {
  observation().devices = serialNumbers;
  const scope = { operation, caller, serialNumbers };
  const options = { abortSignal: signal };
  const UserName = caller.userName;
  const attempt = async <T>(use: (clients: CallerClients) => Promise<T>): Promise<T> =>
    use(await abortable(callerClients(scope), signal));
  const call = async <T>(use: (clients: CallerClients) => Promise<T>): Promise<T> => {
    try {
      return await attempt(use);
    } catch (error) {
      if (errorCodeOf(error) !== 'ExpiredToken') throw toProblem(error);
      forgetCallerClients(scope);
      return attempt(use).catch((again: unknown) => Promise.reject(toProblem(again)));
    }
  };
  const withCodes = (SerialNumber: string, { code1, code2 }: ConsecutiveCodes) => ({
    UserName,
    SerialNumber,
    AuthenticationCode1: code1,
    AuthenticationCode2: code2,
  });
  const paged = ({ iam }: { iam: IAMClient }) => ({ client: iam, pageSize: 1000 });

  return {
    listActive: () =>
      call(async (clients) => {
        const devices: ActiveDevice[] = [];
        for await (const page of paginateListMFADevices(paged(clients), { UserName }, options)) {
          devices.push(...(page.MFADevices ?? []).map(toActiveDevice));
        }
        return devices;
      }),

    listUnassigned: (prefix) =>
      call(async (clients) => {
        const serialNumbers: string[] = [];
        const input = { AssignmentStatus: 'Unassigned' as const };
        for await (const page of paginateListVirtualMFADevices(paged(clients), input, options)) {
          const all = (page.VirtualMFADevices ?? []).map((device) => present(device.SerialNumber));
          serialNumbers.push(...all.filter((serial) => serial.startsWith(prefix)));
        }
        return serialNumbers;
      }),

    listTags: (SerialNumber) =>
      call(async (clients) => {
        const tags: Tag[] = [];
        for await (const page of paginateListMFADeviceTags(paged(clients), { SerialNumber }, options)) {
          tags.push(...(page.Tags ?? []));
        }
        return fromTagList(tags);
      }),

    create: (Path, VirtualMFADeviceName, tags) =>
      call(async ({ iam }) => {
        const input = { Path, VirtualMFADeviceName, Tags: toTagList(tags) };
        const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand(input), options);
        return {
          serialNumber: present(VirtualMFADevice?.SerialNumber),
          base32Seed: new TextDecoder().decode(present(VirtualMFADevice?.Base32StringSeed)),
        };
      }),

    enable: (SerialNumber, codes) =>
      call(async ({ iamForCodes }) => {
        await iamForCodes().send(new EnableMFADeviceCommand(withCodes(SerialNumber, codes)), options);
      }),

    resync: (SerialNumber, codes) =>
      call(async ({ iamForCodes }) => {
        await iamForCodes().send(new ResyncMFADeviceCommand(withCodes(SerialNumber, codes)), options);
      }),

    deactivate: (SerialNumber) =>
      call(async ({ iam }) => {
        await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }), options);
      }),

    tag: (SerialNumber, tags) =>
      call(async ({ iam }) => {
        await iam.send(new TagMFADeviceCommand({ SerialNumber, Tags: toTagList(tags) }), options);
      }),

    untag: (SerialNumber, keys) =>
      call(async ({ iam }) => {
        await iam.send(new UntagMFADeviceCommand({ SerialNumber, TagKeys: [...keys] }), options);
      }),

    remove: (SerialNumber) =>
      call(async ({ iam }) => {
        await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }), options);
      }),
  };
}

const toActiveDevice = (device: {
  SerialNumber?: string | undefined;
  EnableDate?: Date | undefined;
}): ActiveDevice => ({
  serialNumber: present(device.SerialNumber),
  enabledAt: present(device.EnableDate),
});

const toTagList = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const fromTagList = (tags: readonly Tag[]): Tags =>
  Object.fromEntries(tags.map(({ Key, Value }) => [present(Key), Value ?? '']));

/** AWS's answers mark as optional what they always carry. */
function present<T>(value: T | undefined): T {
  if (value === undefined)
    throw new Problem('upstream-failed', 'AWS left out what its answer should have said.');
  return value;
}
