import { changeLease } from '../shared/aws/change-lease.ts';
import { codeBudget } from '../shared/aws/code-budget.ts';
import { enrolmentHold } from '../shared/aws/enrolment-hold.ts';
import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { enableFirstMfaDevice } from '../shared/contract/operations/enable-first-mfa-device.ts';
import { env } from '../shared/env.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { enableFirstDevice } from '../shared/mfa/first-activation.ts';

export const handler = endpoint(enableFirstMfaDevice, async ({ path, body }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return enableFirstDevice(serialNumber, body, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber),
    lease: changeLease(call),
    budget: codeBudget(call),
    hold: enrolmentHold(call, serialNumber),
    firstDevice: env().FIRST_DEVICE,
  });
});
