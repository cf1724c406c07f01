import { getMfaDevice } from '../../shared/contract/operations/get-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { getDevice } from '../../shared/devices/devices.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { deviceContext } from '../wiring/devices.ts';

export const handler = endpoint(getMfaDevice, async ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return getDevice(serialNumber, deviceContext(call, serialNumber));
});
