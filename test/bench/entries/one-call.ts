import { IAMClient, ListMFADevicesCommand, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import { clientSettings } from '../../../shared/aws/client.ts';
import { mfaDirectory } from '../../../shared/aws/iam/mfa-directory.ts';
import { sessionPolicy } from '../../../shared/aws/iam/session-policy.ts';
import { assumeRole } from '../../../shared/aws/iam/sts.ts';
import { deviceRole } from '../../../shared/config/roles.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import { listMfaDevices } from '../../../shared/contract/operations/list-mfa-devices.ts';
import { activeDevice } from '../../../shared/devices/devices.ts';
import { endpoint } from '../../../shared/http/endpoint.ts';

/** A complete function around a use case that makes one call; no operation of the API makes just one. */
export const handler = endpoint(listMfaDevices, async (_input, call) => {
  const active = await mfaDirectory(call).listActive();
  return { items: active.map((device) => activeDevice(call.caller, device)) };
});

/** The same calls with the same SDK and permissions, and nothing else. The credentials are ready. */
export async function bareCalls(caller: Caller): Promise<{ one(): Promise<void>; both(): Promise<void> }> {
  const credentials = await assumeRole(deviceRole().DEVICE_ROLE_ARN, caller.userName, {
    Policy: sessionPolicy(listMfaDevices, caller),
  });
  const iam = new IAMClient({ ...clientSettings, credentials });
  const active = () => iam.send(new ListMFADevicesCommand({ UserName: caller.userName }));
  const unassigned = () => iam.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Unassigned' }));
  return {
    one: async () => {
      await active();
    },
    both: async () => {
      await Promise.all([active(), unassigned()]);
    },
  };
}
