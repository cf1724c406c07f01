import { removalContext } from '../shared/aws/removal-context.ts';
import { deactivateMfaDevice } from '../shared/contract/operations/deactivate-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { deactivateDevice } from '../shared/mfa/removal.ts';

export const handler = endpoint(deactivateMfaDevice, async ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return deactivateDevice(serialNumber, removalContext(call, serialNumber));
});
