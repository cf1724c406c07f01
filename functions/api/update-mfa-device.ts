import { updateMfaDevice } from '../../shared/contract/operations/update-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { labelDevice } from '../../shared/devices/device-tags.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { deviceContext } from '../wiring/devices.ts';

export const handler = endpoint(updateMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return labelDevice(serialNumber, body.label, deviceContext(call, serialNumber));
});
