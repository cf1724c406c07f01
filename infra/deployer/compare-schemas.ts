import * as z from 'zod';
import { type Calls, cloudFormationCalls } from './cloudformation-calls.ts';
import { type NotNeeded, permissionsNotNeeded } from './not-needed.ts';

const handler = z.object({ permissions: z.array(z.string()) });

/** The parts of a resource type's schema that say what CloudFormation may call. */
const schema = z.object({
  typeName: z.string(),
  // Listing is for importing resources that exist already.
  handlers: z.partialRecord(z.enum(['create', 'read', 'update', 'delete', 'list']), handler).default({}),
  tagging: z.object({ permissions: z.array(z.string()).default([]) }).default({ permissions: [] }),
});

export type ResourceSchema = z.output<typeof schema>;

export const parseResourceSchema = (text: string): ResourceSchema => schema.parse(JSON.parse(text));

/** What we say: what CloudFormation calls for each type, and what of its schemas our resources do not need. */
export interface Lists {
  readonly calls: Readonly<Record<string, readonly Calls[]>>;
  readonly notNeeded: readonly NotNeeded[];
}

/** A line for each permission of the schemas that neither list has, and each entry without which none would lack. */
export function differences(
  schemas: readonly ResourceSchema[],
  { calls, notNeeded }: Lists = { calls: cloudFormationCalls, notNeeded: permissionsNotNeeded },
): readonly string[] {
  const schemaOf = new Map(schemas.map((one) => [one.typeName, one]));
  const uncalled = new Map(
    Object.entries(calls).map(([type, called]) => {
      const actions = called.flatMap((call) => call.actions);
      return [type, permissionsOf(schemaOf.get(type)).filter((one) => !isAmong(actions, one))] as const;
    }),
  );
  const missing = Object.keys(calls).filter((type) => !schemaOf.has(type));
  const unknown = [...uncalled].flatMap(([type, permissions]) => {
    const spared = notNeeded.filter(({ types }) => types.includes(type)).flatMap(({ actions }) => actions);
    return permissions
      .filter((permission) => !isAmong(spared, permission))
      .map((permission) => `${type}: neither list has ${permission}`);
  });
  const needless = notNeeded.flatMap(({ types, actions }) => {
    const permissions = types.flatMap((type) => uncalled.get(type) ?? []);
    return actions
      .filter((pattern) => !permissions.some((permission) => isAmong([pattern], permission)))
      .map((pattern) => `${types.join(', ')}: nothing needs to be spared as ${pattern}`);
  });
  return [...missing.map((type) => `${type}: there is no schema`), ...unknown, ...needless];
}

function permissionsOf(one: ResourceSchema | undefined): readonly string[] {
  if (one === undefined) return [];
  const { list: _, ...run } = one.handlers;
  const { tagging } = one;
  return [...new Set([run, { tagging }].flatMap(Object.values).flatMap(({ permissions }) => permissions))];
}

/** As in policies, actions are compared without case. */
const isAmong = (patterns: readonly string[], action: string): boolean =>
  patterns.some((pattern) =>
    new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`, 'i').test(action),
  );
