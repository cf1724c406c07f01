import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { getMfaDevice } from '../shared/contract/operations/get-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { getDevice } from '../shared/mfa/devices.ts';

export const handler = endpoint(getMfaDevice, ({ path }, call) =>
  getDevice(call.caller, path.deviceId, mfaDirectory(call)),
);
