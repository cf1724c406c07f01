import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { untagMfaDevice } from '../../shared/contract/operations/untag-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { untagDevice } from '../../shared/devices/device-tags.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(untagMfaDevice, async ({ path, query }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  const directory = mfaDirectory(call, serialNumber);
  return untagDevice(serialNumber, query.key, { caller: call.caller, directory });
});
