import { enableMfaDevice } from '../../shared/contract/operations/enable-mfa-device.ts';
import { enableDevice } from '../../shared/devices/activation.ts';
import { serialNumberOf } from '../../shared/devices/device-id.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { activationContext } from '../wiring/device-changes.ts';

export const handler = endpoint(enableMfaDevice, async ({ path, body: { replaces, ...codes } }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  const replaced = replaces === undefined ? [] : [serialNumberOf(call.caller, replaces)];
  const change = { ...codes, replaces: replaced[0] };
  return enableDevice(serialNumber, change, activationContext(call, serialNumber, ...replaced));
});
