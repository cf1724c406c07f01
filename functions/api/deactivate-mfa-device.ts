import { deactivateMfaDevice } from '../../shared/contract/operations/deactivate-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { deactivateDevice } from '../../shared/devices/removal.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { removalContext } from '../wiring/device-changes.ts';

export const handler = endpoint(deactivateMfaDevice, async ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return deactivateDevice(serialNumber, removalContext(call, serialNumber));
});
