import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { type Named, ofType } from '../cloudformation/properties.ts';

/** The only resource of a type. */
export function onlyOne(resolved: ResolvedTemplate, type: string): Named {
  const [one, ...others] = ofType(resolved, type);
  if (one === undefined || others.length > 0) throw new Error(`The template must have exactly one ${type}`);
  return one;
}

/** Refuses a resource of another API. */
export function assertPartOf(api: ResolvedResource, [logicalId]: Named, restApiId: string): void {
  if (restApiId !== api.ref) throw new Error(`${logicalId} is part of another API: ${restApiId}`);
}

/** What must be switched off, since it is not served locally. */
export const off = z.exactOptional(z.union([z.literal(false), z.literal('false')]));
