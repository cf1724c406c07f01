import { listMfaDevices } from '../../shared/contract/operations/list-mfa-devices.ts';
import { pageOfDevices } from '../../shared/devices/devices.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { deviceListContext } from '../wiring/devices.ts';

export const handler = endpoint(listMfaDevices, ({ query }, call) =>
  pageOfDevices(query, deviceListContext(call)),
);
