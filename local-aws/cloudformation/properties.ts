import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { type PolicyKind, parsePolicy } from '../policy/validate.ts';

/** A resource with the properties that the local AWS follows. */
export interface ReadResource<Properties> extends Pick<ResolvedResource, 'ref' | 'attributes'> {
  readonly logicalId: string;
  readonly properties: Properties;
}

/**
 * The resources of a type. A property that is missing, wrong or unknown here is an error that names it, so that nothing
 * in a template is left out by mistake.
 */
export function resourcesOf<Schema extends z.ZodType>(
  { resources }: ResolvedTemplate,
  wanted: string,
  schema: Schema,
): readonly ReadResource<z.output<Schema>>[] {
  return Object.entries(resources)
    .filter(([, { type }]) => type === wanted)
    .map(([logicalId, { type, ref, attributes, properties }]) => {
      const parsed = schema.safeParse(properties);
      if (parsed.success) return { logicalId, ref, attributes, properties: parsed.data };
      const faults = parsed.error.issues.map(({ path, message }) =>
        path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`,
      );
      throw new Error(`${logicalId} (${type}): ${faults.join('; ')}`);
    });
}

/** An attribute that every resource of its type has. */
export function attributeOf(
  { logicalId, attributes }: Omit<ReadResource<unknown>, 'properties'>,
  name: string,
): string {
  const value = attributes[name];
  if (value === undefined) throw new Error(`${logicalId} has no attribute ${name}`);
  return value;
}

/** A property without an effect on the local AWS. @param _reason why it has none */
export const ignored = (_reason: string) => z.exactOptional(z.unknown());

/** A property from which the resource has its name or ARN already. */
export const identifying = z.exactOptional(z.string());

/** CloudFormation takes numbers and booleans also as text. */
export const integer = z
  .union([z.int(), z.string().regex(/^\d+$/, 'must be a whole number')])
  .transform(Number);
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** A policy document, with the checks that AWS makes when it stores one. */
export const policy = (kind: PolicyKind) =>
  z.unknown().transform((document, context) => {
    try {
      return parsePolicy(JSON.stringify(document), kind);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
