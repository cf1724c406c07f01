import { changeLease } from '../shared/aws/change-lease.ts';
import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { enableFirstMfaDevice } from '../shared/contract/operations/enable-first-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { enableFirstDevice } from '../shared/mfa/activation.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';

export const handler = endpoint(enableFirstMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return enableFirstDevice(serialNumber, body, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
    lease: changeLease(call),
  });
});
