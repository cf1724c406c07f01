import { portalPage } from '../clients/portal/page.ts';
import { getPortal } from '../shared/contract/operations/get-portal.ts';
import { openEndpoint } from '../shared/http/endpoint.ts';
import { portalEnv } from '../shared/portal-env.ts';

const page = portalPage(portalEnv().AWS_REGION);

export const handler = openEndpoint(getPortal, () => page);
