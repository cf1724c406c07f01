import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { enableMfaDevice } from '../../shared/contract/operations/enable-mfa-device.ts';
import { enableDevice } from '../../shared/devices/activation.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(enableMfaDevice, async ({ path, body: { replaces, ...codes } }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  const replaced = replaces === undefined ? [] : [serialNumberOf(call.caller, replaces)];
  const change = { ...codes, replaces: replaced[0] };
  return enableDevice(serialNumber, change, {
    caller: call.caller,
    directory: mfaDirectory(call, serialNumber, ...replaced),
    lease: changeLease(call),
    budget: codeBudget(call),
  });
});
