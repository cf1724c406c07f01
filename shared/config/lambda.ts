import * as z from 'zod/mini';
import { settings } from './variables.ts';

/** What Lambda itself tells its functions. */
export const lambdaSettings = /* @__PURE__ */ settings(() =>
  z.object({
    /** How the environment was started, for example `on-demand` or `provisioned-concurrency`. */
    AWS_LAMBDA_INITIALIZATION_TYPE: z._default(z.string(), ''),
  }),
);
