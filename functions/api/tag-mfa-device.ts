import { tagMfaDevice } from '../../shared/contract/operations/tag-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { tagDevice } from '../../shared/devices/device-tags.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { deviceContext } from '../wiring/devices.ts';

export const handler = endpoint(tagMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return { tags: await tagDevice(serialNumber, body.tags, deviceContext(call, serialNumber)) };
});
