import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { untagMfaDevice } from '../shared/contract/operations/untag-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { untagDevice } from '../shared/mfa/device-tags.ts';

export const handler = endpoint(untagMfaDevice, async ({ path, query }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  const directory = mfaDirectory(call, serialNumber);
  return untagDevice(serialNumber, query.key, { caller: call.caller, directory });
});
