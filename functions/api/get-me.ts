import { getMe } from '../../shared/contract/operations/get-me.ts';
import { describeMe } from '../../shared/devices/me.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { meContext } from '../wiring/devices.ts';

export const handler = endpoint(getMe, (_input, call) => describeMe(meContext(call)));
