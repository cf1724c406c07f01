import { listUserMfaDevices } from '../../shared/contract/operations/list-user-mfa-devices.ts';
import { activeDevice } from '../../shared/devices/devices.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { userOf } from '../wiring/users.ts';

export const handler = principalEndpoint(listUserMfaDevices, async ({ path: { userName } }, call) => {
  const active = await userOf(call, userName).listActive();
  return { items: active.map((device) => activeDevice({ ...call.principal, userName }, device)) };
});
