import { resyncMfaDevice } from '../../shared/contract/operations/resync-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { resyncDevice } from '../../shared/devices/resync.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { resyncContext } from '../wiring/device-changes.ts';

export const handler = endpoint(resyncMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return resyncDevice(serialNumber, body, resyncContext(call, serialNumber));
});
