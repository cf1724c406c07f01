import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { tagMfaDevice } from '../../shared/contract/operations/tag-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { tagDevice } from '../../shared/devices/device-tags.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(tagMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  const directory = mfaDirectory(call, serialNumber);
  return { tags: await tagDevice(serialNumber, body.tags, { caller: call.caller, directory }) };
});
