import * as z from 'zod/mini';

/** What a function that is run by a schedule reads beside the environment of all. */
const schema = z.object({
  /** The role assumed for every call to IAM. */
  MAINTENANCE_ROLE_ARN: z.string().check(z.regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/)),
});

/** Throws an error that names the variable where it is missing or not valid. */
export function maintenanceEnv(): z.output<typeof schema> {
  // biome-ignore lint/style/noProcessEnv: beside shared/env.ts the one place that reads it
  const result = schema.safeParse(process.env);
  if (!result.success) throw new Error('Environment variable missing or not valid: MAINTENANCE_ROLE_ARN');
  return result.data;
}
