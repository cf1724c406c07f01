import * as z from 'zod/mini';
import * as recoverySchemas from '../../shared/contract/recovery-schemas.ts';
import * as contractSchemas from '../../shared/contract/schemas.ts';
import { exampleOf, fields } from './fields.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

const prefix = '#/components/schemas/';

/** Checks that zod cannot express in JSON Schema. */
const additions: Readonly<Record<string, JsonSchema>> = {
  NewTags: { minProperties: 1, maxProperties: 50 },
};

/**
 * The named schemas of the document. Shared ones are named after their constants; others get a name where they are
 * first used.
 */
export class Schemas {
  readonly #registry = z.registry<{ id: string }>();
  readonly #components = new Map<string, JsonSchema>();

  constructor() {
    const withoutContent: readonly unknown[] = [
      contractSchemas.nothing,
      contractSchemas.noBody,
      contractSchemas.noContent,
    ];
    for (const [name, schema] of Object.entries({ ...contractSchemas, ...recoverySchemas })) {
      if (!withoutContent.includes(schema)) this.#registry.add(schema, { id: pascalCase(name) });
    }
  }

  /** A reference to the schema's component. `name` is for a schema that has none yet. */
  named(schema: z.core.$ZodType, name: string, io: 'input' | 'output'): JsonSchema {
    if (!this.#registry.has(schema)) this.#registry.add(schema, { id: name });
    return this.of(schema, name, io);
  }

  /** The schema as JSON Schema, with references to named ones. `owner` is the schema that its members belong to. */
  of(schema: z.core.$ZodType, owner: string, io: 'input' | 'output'): JsonSchema {
    const {
      $defs = {},
      $schema: _,
      ...rest
    } = z.toJSONSchema(schema, {
      metadata: this.#registry,
      io,
      override: ({ jsonSchema }) => simplify(jsonSchema),
    });
    for (const [id, definition] of Object.entries($defs)) {
      this.#add(id, describe({ ...refer(definition), ...additions[id] }, id));
    }
    return describe(refer(rest), owner);
  }

  /** All schemas named so far, sorted by name. */
  components(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#components].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** A value that fits the schema. Throws if infra/openapi/fields.ts lacks an example that it needs. */
  example(schema: JsonSchema, owner: string, name = ''): unknown {
    const field = fields[`${owner}.${name}`] ?? fields[name];
    if (field && 'example' in field && schema.type !== 'array') return field.example;
    if (schema.$ref !== undefined) {
      const id = schema.$ref.slice(prefix.length);
      return this.example(this.#components.get(id) ?? {}, id, name);
    }
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    if (schema.type === 'array') return [this.example(Object(schema.items), owner, name)];
    if (schema.properties === undefined)
      throw new Error(`infra/openapi/fields.ts has no example of ${owner}.${name}`);
    return this.#exampleOfMembers(schema.properties, owner);
  }

  #exampleOfMembers(properties: NonNullable<JsonSchema['properties']>, owner: string): unknown {
    const entries = Object.entries(properties).map(([name, property]) => {
      const own = exampleOf[owner] ?? {};
      return [name, name in own ? own[name] : this.example(Object(property), owner, name)];
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  #add(id: string, component: JsonSchema): void {
    const known = this.#components.get(id);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
      throw new Error(`The schema ${id} differs as input and as output: give each a name of its own`);
    }
    this.#components.set(id, component);
  }
}

/** `create-mfa-device` or `deviceId` as the name of a schema. */
export function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Removes what only repeats the format or the type. */
function simplify(schema: JsonSchema): void {
  if (schema.format === 'date-time') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.propertyNames && Object.keys(schema.propertyNames).join() === 'type')
    delete schema.propertyNames;
}

/** Turns references to zod's definitions into references to OpenAPI's. */
function refer(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', `"$ref":"${prefix}`));
}

/** Adds the description of each member. */
function describe(schema: JsonSchema, owner: string): JsonSchema {
  if (schema.properties === undefined) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]) => {
    const field = fields[`${owner}.${name}`] ?? fields[name];
    if (field === undefined) throw new Error(`infra/openapi/fields.ts does not describe ${owner}.${name}`);
    return [name, { ...describe(Object(property), `${owner}.${name}`), description: field.description }];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}
