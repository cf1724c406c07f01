import { portalAssets } from '../../clients/portal/assets.ts';
import { portalSettings } from '../../shared/config/portal.ts';
import { getPortal } from '../../shared/contract/operations/get-portal.ts';
import { openEndpoint } from '../../shared/http/endpoint.ts';
import { portalPage } from '../../shared/http/pages/portal.ts';

const page = portalPage(portalAssets, portalSettings().AWS_REGION);

export const handler = openEndpoint(getPortal, () => page);
