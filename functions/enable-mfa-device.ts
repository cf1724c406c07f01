import { changeLease } from '../shared/aws/change-lease.ts';
import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { enableMfaDevice } from '../shared/contract/operations/enable-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { enableDevice } from '../shared/mfa/activation.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';

export const handler = endpoint(enableMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return enableDevice(serialNumber, body, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
    lease: changeLease(call),
  });
});
