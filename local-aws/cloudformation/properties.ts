import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { type PolicyKind, parsePolicy } from '../policy/validate.ts';

/** A resource with its logical id. */
export type Named = readonly [logicalId: string, resource: ResolvedResource];

/** A resource with the properties that the local AWS follows. */
export interface ReadResource<Properties> extends Pick<ResolvedResource, 'ref' | 'attributes'> {
  readonly logicalId: string;
  readonly properties: Properties;
}

/** The resources of a type. */
export function ofType({ resources }: Pick<ResolvedTemplate, 'resources'>, type: string): readonly Named[] {
  return Object.entries(resources).filter(([, resource]) => resource.type === type);
}

/**
 * A resource's properties. A property that is missing, wrong or unknown here is an error that names it, so that nothing
 * in a template is left out by mistake.
 */
export function propertiesOf<Schema extends z.ZodType>(
  [logicalId, { type, properties }]: Named,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`,
  );
  throw new Error(`${logicalId} (${type}): ${faults.join('; ')}`);
}

/** The resources of a type with their properties. */
export const resourcesOf = <Schema extends z.ZodType>(
  resolved: Pick<ResolvedTemplate, 'resources'>,
  type: string,
  schema: Schema,
): readonly ReadResource<z.output<Schema>>[] =>
  ofType(resolved, type).map((named) => {
    const [logicalId, { ref, attributes }] = named;
    return { logicalId, ref, attributes, properties: propertiesOf(named, schema) };
  });

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
export const number = z
  .union([z.number(), z.string().regex(/^\d+(\.\d+)?$/, 'must be a number')])
  .transform(Number);
export const integer = number.pipe(z.int());
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
