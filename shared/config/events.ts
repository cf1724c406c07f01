import * as z from 'zod/mini';
import { settings } from './variables.ts';

/** Names of the functions that are told of events; empty for one that has nothing to do in this deployment. */
export const eventSettings = /* @__PURE__ */ settings(() =>
  z.object({
    /** Mails users. */
    NOTIFIER_NAME: z._default(z.string(), ''),
    /** Tells ticketing systems. */
    REPORTER_NAME: z._default(z.string(), ''),
  }),
);
