import * as z from 'zod/mini';
import { settings } from './variables.ts';

/** Settings of the page on which users manage their devices. */
export const portalSettings = /* @__PURE__ */ settings(() =>
  z.object({
    /** Set by Lambda. The page signs its requests for this Region, which a custom domain would hide. */
    AWS_REGION: z._default(z.string().check(z.regex(/^[a-z0-9-]+$/)), 'us-east-1'),
  }),
);
