import * as z from 'zod/mini';
import { settings } from './variables.ts';

/** For the page on which users look after their devices. */
export const portalSettings = settings(
  z.object({
    /** Set by Lambda. The page signs its requests for this Region, which a custom domain does not reveal. */
    AWS_REGION: z._default(z.string().check(z.regex(/^[a-z0-9-]+$/)), 'us-east-1'),
  }),
);
