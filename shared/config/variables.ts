import * as z from 'zod/mini';

export type Variables = Readonly<Record<string, string | undefined>>;

function variables(): Variables {
  // biome-ignore lint/style/noProcessEnv: the one place that reads it
  return process.env;
}

/**
 * A reader for one group of settings. Without an argument it parses the environment, once; with one, it parses that.
 * Throws an error that names each invalid variable, never its value.
 * @param schemaOf is called at the first reading, so that a bundle which does not read the group contains none of it
 */
export function settings<Schema extends z.ZodMiniType>(
  schemaOf: () => Schema,
): (from?: Variables) => z.output<Schema> {
  let current: { readonly parsed: z.output<Schema> } | undefined;
  return (from) => {
    if (from !== undefined) return parse(schemaOf(), from);
    current ??= { parsed: parse(schemaOf(), variables()) };
    return current.parsed;
  };
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, from: Variables): z.output<Schema> {
  const result = z.safeParse(schema, from);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(`Environment variables missing or not valid: ${faults}`);
}

/** A whole number in a range, in digits: an empty variable is not zero. */
export const wholeNumber = (fallback: number, least: number, most: number) =>
  z._default(
    z.pipe(
      z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number)),
      z.number().check(z.gte(least), z.lte(most)),
    ),
    fallback,
  );

/** A comma-separated list; by default an empty one. */
export const list = /* @__PURE__ */ z.pipe(
  /* @__PURE__ */ z._default(/* @__PURE__ */ z.string(), ''),
  /* @__PURE__ */ z.transform((text) => text.split(',').filter((part) => part !== '')),
);

/** ARN of a role to assume. */
export const roleArn = z.string().check(z.regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/));
