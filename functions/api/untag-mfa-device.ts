import { untagMfaDevice } from '../../shared/contract/operations/untag-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { untagDevice } from '../../shared/devices/device-tags.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { deviceContext } from '../wiring/devices.ts';

export const handler = endpoint(untagMfaDevice, async ({ path, query }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return untagDevice(serialNumber, query.key, deviceContext(call, serialNumber));
});
