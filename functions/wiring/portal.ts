import { portalAssets } from '../../clients/portal/assets.ts';
import { portalSettings } from '../../shared/config/portal.ts';
import { portalPage } from '../../shared/http/pages/portal.ts';
import type { Media } from '../../shared/http/response.ts';

/** The page on which users look after their devices, for the Region that it is served from. */
export const portal = (): Media => portalPage(portalAssets, portalSettings().AWS_REGION);
