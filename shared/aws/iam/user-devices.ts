import {
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  UntagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import type { UserDevices } from '../../devices/ports.ts';
import type { IamCall } from './iam-call.ts';
import { noDevice, readActive, readTags, readUnassigned } from './iam-reads.ts';

/** A user's devices in IAM, reached with the call's credentials. */
export const userDevices = (call: IamCall, UserName: string): UserDevices => ({
  listActive: () => readActive(call, UserName),
  listUnassigned: (prefix) => readUnassigned(call, prefix),
  listTags: (serialNumber) => readTags(call, serialNumber),
  deactivate: async (SerialNumber) => {
    await call(new DeactivateMFADeviceCommand({ UserName, SerialNumber }), noDevice);
  },
  remove: (serialNumber) => removeDevice(call, serialNumber),
});

/** Deletes an unassigned virtual device. */
export async function removeDevice(call: IamCall, SerialNumber: string): Promise<void> {
  const command = new DeleteVirtualMFADeviceCommand({ SerialNumber });
  await call(command, { ...noDevice, DeleteConflict: 'device-active' });
}

export async function untagDevice(
  call: IamCall,
  SerialNumber: string,
  keys: readonly string[],
): Promise<void> {
  await call(new UntagMFADeviceCommand({ SerialNumber, TagKeys: [...keys] }), noDevice);
}
