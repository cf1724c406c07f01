import * as z from 'zod/mini';

const wholeNumber = (fallback: number, least: number, most: number) =>
  z._default(z.coerce.number().check(z.int(), z.gte(least), z.lte(most)), fallback);

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
export function recoveryEnv(): z.output<typeof schema> {
  // biome-ignore lint/style/noProcessEnv: beside shared/env.ts the places that read it
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(`Environment variables missing or not valid: ${faults}`);
}
