import { listMfaDeviceTags } from '../../shared/contract/operations/list-mfa-device-tags.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { listDeviceTags } from '../../shared/devices/device-tags.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { deviceContext } from '../wiring/devices.ts';

export const handler = endpoint(listMfaDeviceTags, async ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return { tags: await listDeviceTags(serialNumber, deviceContext(call, serialNumber)) };
});
