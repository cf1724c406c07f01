import { userDirectory } from '../../shared/aws/iam/user-directory.ts';
import { listUserMfaDevices } from '../../shared/contract/operations/list-user-mfa-devices.ts';
import { activeDevice } from '../../shared/devices/devices.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';

export const handler = principalEndpoint(listUserMfaDevices, async ({ path: { userName } }, call) => {
  const directory = userDirectory({ ...call, identity: call.principal.name }, userName);
  const active = await directory.listActive();
  return { items: active.map((device) => activeDevice({ ...call.principal, userName }, device)) };
});
