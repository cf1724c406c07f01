import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  ResyncMFADeviceCommand,
  type Tag,
  TagMFADeviceCommand,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import type { Caller } from '../../contract/caller.ts';
import type { Operation } from '../../contract/operation.ts';
import type { ConsecutiveCodes, MfaDirectory, Tags } from '../../devices/ports.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { callerScope } from './caller-scope.ts';
import { readActive, readTags, readUnassigned, required } from './iam-reads.ts';
import { callScoped, type ScopedClients } from './scoped-clients.ts';

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
  currentInvocation().devices = serialNumbers;
  const scope = callerScope({ operation, caller, serialNumbers });
  const options = { abortSignal: signal };
  const UserName = caller.userName;
  const call = <T>(use: (clients: ScopedClients) => Promise<T>): Promise<T> => callScoped(scope, signal, use);
  const withCodes = (SerialNumber: string, { code1, code2 }: ConsecutiveCodes) => ({
    UserName,
    SerialNumber,
    AuthenticationCode1: code1,
    AuthenticationCode2: code2,
  });

  return {
    listActive: () => call(({ iam }) => readActive(iam, UserName, options)),

    listUnassigned: (prefix) => call(({ iam }) => readUnassigned(iam, prefix, options)),

    listTags: (SerialNumber) => call(({ iam }) => readTags(iam, SerialNumber, options)),

    create: (Path, VirtualMFADeviceName, tags) =>
      call(async ({ iam }) => {
        const input = { Path, VirtualMFADeviceName, Tags: toTagList(tags) };
        const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand(input), options);
        return {
          serialNumber: required(VirtualMFADevice?.SerialNumber),
          base32Seed: new TextDecoder().decode(required(VirtualMFADevice?.Base32StringSeed)),
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

const toTagList = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
