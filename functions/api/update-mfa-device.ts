import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { updateMfaDevice } from '../../shared/contract/operations/update-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { labelDevice } from '../../shared/devices/device-tags.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(updateMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return labelDevice(serialNumber, body.label, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
  });
});
