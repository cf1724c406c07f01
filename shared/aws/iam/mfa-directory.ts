import {
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  ResyncMFADeviceCommand,
  type Tag,
  TagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import type { Caller } from '../../contract/caller.ts';
import type { Operation } from '../../contract/operation.ts';
import type { ConsecutiveCodes, MfaDirectory, Tags } from '../../devices/ports.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { problemOf } from '../aws-call.ts';
import { callerScope } from './caller-scope.ts';
import { noDevice, required } from './iam-reads.ts';
import { prepare, scopedCall, scopedCallOnce } from './scoped-clients.ts';
import { untagDevice, userDevices } from './user-devices.ts';

interface Scope {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** For the same arguments as `mfaDirectory`: gets its credentials without waiting for the first call. */
export const prepareDirectory = ({ operation, caller }: Scope, ...serialNumbers: readonly string[]): void =>
  prepare(callerScope({ operation, caller, serialNumbers }));

/**
 * The caller's devices in IAM, reached with credentials that can touch no one else's.
 * @param serialNumbers the devices that the request addresses; none for all under the caller's own path
 */
export function mfaDirectory(
  { operation, caller, signal }: Scope,
  ...serialNumbers: readonly string[]
): MfaDirectory {
  currentInvocation().devices = serialNumbers;
  const scope = callerScope({ operation, caller, serialNumbers });
  const call = scopedCall(scope, signal);
  const callOnce = scopedCallOnce(scope, signal);
  const withCodes = (SerialNumber: string, { code1, code2 }: ConsecutiveCodes) => ({
    UserName: caller.userName,
    SerialNumber,
    AuthenticationCode1: code1,
    AuthenticationCode2: code2,
  });

  return {
    ...userDevices(call, caller.userName),

    create: async (Path, VirtualMFADeviceName, tags) => {
      const input = { Path, VirtualMFADeviceName, Tags: toTagList(tags) };
      const { VirtualMFADevice } = await call(new CreateVirtualMFADeviceCommand(input), {
        EntityAlreadyExists: 'device-exists',
        LimitExceeded: 'device-limit',
      });
      return {
        serialNumber: required(VirtualMFADevice?.SerialNumber),
        base32Seed: new TextDecoder().decode(required(VirtualMFADevice?.Base32StringSeed)),
      };
    },

    enable: async (serialNumber, codes) => {
      await callOnce(new EnableMFADeviceCommand(withCodes(serialNumber, codes)), {
        ...refused,
        ...refusedCodes,
        EntityAlreadyExists: 'device-in-use',
        LimitExceeded: 'device-limit',
      });
    },

    deactivate: async (SerialNumber) => {
      const command = new DeactivateMFADeviceCommand({ UserName: caller.userName, SerialNumber });
      await callOnce(command, { ...refused, ...noDevice });
    },

    resync: async (serialNumber, codes) => {
      await callOnce(new ResyncMFADeviceCommand(withCodes(serialNumber, codes)), refusedCodes);
    },

    tag: async (SerialNumber, tags) => {
      const command = new TagMFADeviceCommand({ SerialNumber, Tags: toTagList(tags) });
      await call(command, { ...noDevice, LimitExceeded: 'tag-limit' });
    },

    untag: (serialNumber, keys) => untagDevice(call, serialNumber, keys),
  };
}

const unchanged = (error: unknown): never => {
  throw problemOf('upstream-failed', error).with({ unchanged: true });
};

/** IAM judges access and form before it looks at a device. */
const refused = { AccessDenied: unchanged, ValidationError: unchanged, InvalidInput: unchanged } as const;

const refusedCodes = { ...noDevice, InvalidAuthenticationCode: 'invalid-authentication-code' } as const;

const toTagList = (tags: Tags): Tag[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
