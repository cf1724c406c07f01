import { getPortal } from '../../shared/contract/operations/get-portal.ts';
import { openEndpoint } from '../../shared/http/endpoint.ts';
import { portal } from '../wiring/portal.ts';

const page = portal();

export const handler = openEndpoint(getPortal, () => page);
