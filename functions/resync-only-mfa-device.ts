import { codeBudget } from '../shared/aws/code-budget.ts';
import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { resyncOnlyMfaDevice } from '../shared/contract/operations/resync-only-mfa-device.ts';
import { env } from '../shared/env.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { resyncOnlyDevice } from '../shared/mfa/resync.ts';

export const handler = endpoint(resyncOnlyMfaDevice, async ({ body: { deviceId, ...codes } }, call) => {
  const serialNumber = serialNumberOf(call.caller, deviceId);
  return resyncOnlyDevice(serialNumber, codes, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
    budget: codeBudget(call),
    stepUpMaxAge: env().STEP_UP_MAX_AGE,
  });
});
