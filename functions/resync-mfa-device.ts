import { codeBudget } from '../shared/aws/code-budget.ts';
import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { resyncMfaDevice } from '../shared/contract/operations/resync-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { resyncDevice } from '../shared/mfa/resync.ts';

export const handler = endpoint(resyncMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return resyncDevice(serialNumber, body, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
    budget: codeBudget(call),
  });
});
