import * as z from 'zod/mini';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment as it is. Nothing else reads it. */
export function variables(): Variables {
  // biome-ignore lint/style/noProcessEnv: the one place that reads it
  return process.env;
}

/** Parses an environment; throws an error that names each variable at fault, never its value. */
export function parseVariables<Schema extends z.ZodMiniType>(
  schema: Schema,
  source: Variables = variables(),
): z.output<Schema> {
  const result = z.safeParse(schema, source);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(`Environment variables missing or not valid: ${faults}`);
}

/** Text of whole seconds or a count. */
export const wholeNumber = (fallback: number, least: number, most: number) =>
  z._default(z.coerce.number().check(z.int(), z.gte(least), z.lte(most)), fallback);

/** ARN of a role to assume. */
export const roleArn = z.string().check(z.regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/));
