import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { enableHardwareMfaDevice } from '../../shared/contract/operations/enable-hardware-mfa-device.ts';
import { enableDevice } from '../../shared/devices/activation.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(enableHardwareMfaDevice, ({ path, body }, call) =>
  enableDevice(path.serialNumber, body, {
    caller: call.caller,
    directory: mfaDirectory(call, path.serialNumber),
    lease: changeLease(call),
    budget: codeBudget(call),
  }),
);
