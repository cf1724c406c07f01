import { enableFirstMfaDevice } from '../../shared/contract/operations/enable-first-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { enableFirstDevice } from '../../shared/devices/first-activation.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { firstActivationContext } from '../wiring/device-changes.ts';

export const handler = endpoint(enableFirstMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return enableFirstDevice(serialNumber, body, firstActivationContext(call, serialNumber));
});
