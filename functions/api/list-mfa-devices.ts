import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { env } from '../../shared/config/deployment.ts';
import { listMfaDevices } from '../../shared/contract/operations/list-mfa-devices.ts';
import { pageOfDevices } from '../../shared/devices/devices.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { cursors } from '../../shared/lib/cursor.ts';

export const handler = endpoint(listMfaDevices, ({ query }, { caller, ...call }) =>
  pageOfDevices(
    caller,
    query,
    mfaDirectory({ caller, ...call }),
    cursors(env().CURSOR_KEY, `${listMfaDevices.name} ${caller.userId}`),
  ),
);
