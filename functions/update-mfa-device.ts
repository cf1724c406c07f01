import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { updateMfaDevice } from '../shared/contract/operations/update-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { labelDevice } from '../shared/mfa/device-tags.ts';

export const handler = endpoint(updateMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return labelDevice(serialNumber, body.label, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
  });
});
