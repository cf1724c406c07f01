import { changeLease } from '../shared/aws/change-lease.ts';
import { codeBudget } from '../shared/aws/code-budget.ts';
import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { enableHardwareMfaDevice } from '../shared/contract/operations/enable-hardware-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { enableDevice } from '../shared/mfa/activation.ts';

export const handler = endpoint(enableHardwareMfaDevice, ({ path, body }, call) =>
  enableDevice(path.serialNumber, body, {
    caller: call.caller,
    directory: mfaDirectory(call, path.serialNumber),
    lease: changeLease(call),
    budget: codeBudget(call),
  }),
);
