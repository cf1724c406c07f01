import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';

/** A resource with its logical id. */
export type Named = readonly [logicalId: string, resource: ResolvedResource];

/** The resources of a type. */
export function ofType({ resources }: ResolvedTemplate, type: string): readonly Named[] {
  return Object.entries(resources).filter(([, resource]) => resource.type === type);
}

/** The only resource of a type. */
export function onlyOne(resolved: ResolvedTemplate, type: string): Named {
  const [one, ...others] = ofType(resolved, type);
  if (one === undefined || others.length > 0) throw new Error(`The template must have exactly one ${type}`);
  return one;
}

/**
 * A resource's properties. A property that is missing, wrong or not served locally is an error that names it, so that
 * nothing in a template is ignored by mistake.
 */
export function propertiesOf<Schema extends z.ZodType>(
  [logicalId, { type, properties }]: Named,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);
  throw new Error(`${logicalId} (${type}): ${faults.join('; ')}`);
}

/** Refuses a resource of another API. */
export function assertPartOf(api: ResolvedResource, [logicalId]: Named, restApiId: string): void {
  if (restApiId !== api.ref) throw new Error(`${logicalId} is part of another API: ${restApiId}`);
}

/** CloudFormation takes numbers and booleans also as text. */
export const number = z.union([z.number(), z.string().regex(/^\d+(\.\d+)?$/)]).transform(Number);
const falsy = z.union([z.literal(false), z.literal('false')]);
const truthy = z.union([z.literal(true), z.literal('true')]);
export const boolean = z.union([truthy.transform(() => true), falsy.transform(() => false)]);
/** What must be switched off, since it is not served locally. */
export const off = z.exactOptional(falsy);
/** Properties that change nothing about responses. */
export const ignored = z.unknown().optional();
