import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { tagMfaDevice } from '../shared/contract/operations/tag-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { tagDevice } from '../shared/mfa/device-tags.ts';

export const handler = endpoint(tagMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  const directory = mfaDirectory(call, serialNumber);
  return { tags: await tagDevice(serialNumber, body.tags, { caller: call.caller, directory }) };
});
