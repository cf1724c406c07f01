import * as z from 'zod/mini';
import { parseVariables, wholeNumber } from './variables.ts';

/** What functions around recoveries read beside the environment of all. Defaults are those of serverless.yml. */
const schema = z.object({
  /** How many persons must approve. */
  RECOVERY_APPROVALS: wholeNumber(1, 1, 2),
  /** Seconds until a recovery that is not approved expires. */
  RECOVERY_EXPIRES_AFTER: wholeNumber(604_800, 3_600, 2_592_000),
  /** How many recoveries one person, and one ticketing system times ten, may ask for on a day. */
  RECOVERY_DAILY_LIMIT: wholeNumber(20, 1, 1000),
  /** Name of the function that executes recoveries. */
  EXECUTOR_NAME: z._default(z.string(), ''),
});

/** Throws an error that names each variable at fault. */
export const recoveryEnv = (): z.output<typeof schema> => parseVariables(schema);
