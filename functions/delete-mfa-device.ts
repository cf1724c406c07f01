import { removalContext } from '../shared/aws/removal-context.ts';
import { deleteMfaDevice } from '../shared/contract/operations/delete-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { serialNumberOf } from '../shared/mfa/device-id.ts';
import { deleteDevice } from '../shared/mfa/removal.ts';

export const handler = endpoint(deleteMfaDevice, async ({ path }, call) => {
  const serialNumber = serialNumberOf(call.caller, path.deviceId);
  return deleteDevice(serialNumber, removalContext(call, serialNumber));
});
