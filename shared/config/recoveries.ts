import * as z from 'zod/mini';
import { settings, wholeNumber } from './variables.ts';

/** Settings of recoveries. Defaults are those of the template's parameters. */
export const recoverySettings = /* @__PURE__ */ settings(() =>
  z.object({
    /** How many people have to approve. */
    RECOVERY_APPROVALS: wholeNumber(1, 1, 2),
    /** Seconds until a recovery that is not approved expires. */
    RECOVERY_EXPIRES_AFTER: wholeNumber(604_800, 3_600, 2_592_000),
    /** How many recoveries one person may request per day; a ticketing system may request ten times as many. */
    RECOVERY_DAILY_LIMIT: wholeNumber(20, 1, 1000),
    /** Name of the function that executes recoveries. */
    EXECUTOR_NAME: z._default(z.string(), ''),
  }),
);
