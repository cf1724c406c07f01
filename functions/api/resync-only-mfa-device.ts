import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { env } from '../../shared/config/deployment.ts';
import { resyncOnlyMfaDevice } from '../../shared/contract/operations/resync-only-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { resyncOnlyDevice } from '../../shared/devices/resync.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(resyncOnlyMfaDevice, async ({ body: { deviceId, ...codes } }, call) => {
  const serialNumber = serialNumberOf(call.caller, deviceId);
  return resyncOnlyDevice(serialNumber, codes, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
    budget: codeBudget(call),
    stepUpMaxAge: env().STEP_UP_MAX_AGE,
  });
});
