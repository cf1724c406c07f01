import { deleteMfaDevice } from '../../shared/contract/operations/delete-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { deleteDevice } from '../../shared/devices/removal.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { removalContext } from '../wiring/device-changes.ts';

export const handler = endpoint(deleteMfaDevice, async ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return deleteDevice(serialNumber, removalContext(call, serialNumber));
});
