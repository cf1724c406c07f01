import { portalAssets } from '../../clients/portal/assets.ts';
import { portalSettings } from '../../shared/config/portal.ts';
import { portalPage } from '../../shared/http/pages/portal.ts';
import type { Media } from '../../shared/http/response.ts';

/** The page on which users manage their devices, for the Region that serves it. */
export const portal = (): Media => portalPage(portalAssets, portalSettings().AWS_REGION);
