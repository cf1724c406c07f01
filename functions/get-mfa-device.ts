import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { getMfaDevice } from '../shared/contract/operations/get-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { getDevice } from '../shared/mfa/devices.ts';

export const handler = endpoint(getMfaDevice, ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return getDevice(call.caller, serialNumber, mfaDirectory(call, serialNumber));
});
