import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { getMfaDevice } from '../../shared/contract/operations/get-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { getDevice } from '../../shared/devices/devices.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(getMfaDevice, ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return getDevice(call.caller, serialNumber, mfaDirectory(call, serialNumber));
});
