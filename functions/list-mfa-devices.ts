import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { listMfaDevices } from '../shared/contract/operations/list-mfa-devices.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { listDevices } from '../shared/mfa/devices.ts';

export const handler = endpoint(listMfaDevices, async (_input, call) => ({
  items: await listDevices(call.caller, mfaDirectory(call)),
}));
