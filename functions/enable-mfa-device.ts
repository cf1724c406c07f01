import { changeLease } from '../shared/aws/change-lease.ts';
import { codeBudget } from '../shared/aws/code-budget.ts';
import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { enableMfaDevice } from '../shared/contract/operations/enable-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { enableDevice } from '../shared/mfa/activation.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';

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
