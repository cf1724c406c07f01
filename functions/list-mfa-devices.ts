import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { listMfaDevices } from '../shared/contract/operations/list-mfa-devices.ts';
import { cursors } from '../shared/cursor.ts';
import { env } from '../shared/env.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { pageOfDevices } from '../shared/mfa/devices.ts';

export const handler = endpoint(listMfaDevices, ({ query }, { caller, ...call }) =>
  pageOfDevices(
    caller,
    query,
    mfaDirectory({ caller, ...call }),
    cursors(env().CURSOR_KEY, `${listMfaDevices.name} ${caller.userId}`),
  ),
);
