import { resyncOnlyMfaDevice } from '../../shared/contract/operations/resync-only-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { resyncOnlyDevice } from '../../shared/devices/resync.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { onlyResyncContext } from '../wiring/device-changes.ts';

export const handler = endpoint(resyncOnlyMfaDevice, async ({ body: { deviceId, ...codes } }, call) => {
  const serialNumber = serialNumberOf(call.caller, deviceId);
  return resyncOnlyDevice(serialNumber, codes, onlyResyncContext(call, serialNumber));
});
