import { enrolmentHold } from '../../shared/aws/iam/enrolment-hold.ts';
import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { env } from '../../shared/config/deployment.ts';
import { enableFirstMfaDevice } from '../../shared/contract/operations/enable-first-mfa-device.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { enableFirstDevice } from '../../shared/devices/first-activation.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

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
