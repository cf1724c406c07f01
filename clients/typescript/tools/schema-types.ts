/** The parts of JSON Schema that the OpenAPI document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
}

/** Optional members of an argument may also be undefined, in which case they are not sent. */
type Direction = 'argument' | 'answer';

const primitives: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** TypeScript for JSON Schemas. Named objects and enumerations get declarations; others are inlined. */
export class SchemaTypes {
  readonly #components: Readonly<Record<string, Schema>>;
  readonly #declarations = new Map<string, string>();

  constructor(components: Readonly<Record<string, Schema>>) {
    this.#components = components;
  }

  /** The declarations of all named types used so far, sorted by name. */
  declarations(): readonly string[] {
    const sorted = [...this.#declarations].sort(([one], [other]) => (one < other ? -1 : 1));
    return sorted.map(([, text]) => text);
  }

  /** Whether a type has a declaration. */
  isNamed(type: string): boolean {
    return this.#declarations.has(type);
  }

  typeOf(schema: Schema, direction: Direction): string {
    if (schema.$ref !== undefined) return this.#referred(schema.$ref, direction);
    if (schema.const !== undefined) return quoted(schema.const);
    if (schema.enum !== undefined) return schema.enum.map(quoted).join(' | ');
    if (schema.anyOf !== undefined) return schema.anyOf.map((one) => this.typeOf(one, direction)).join(' | ');
    if (schema.type === 'array') return `readonly (${this.typeOf(schema.items ?? {}, direction)})[]`;
    if (schema.type === 'object') return this.#object(schema, direction);
    const primitive = primitives[schema.type ?? ''];
    if (primitive === undefined) throw new Error(`No type for the schema ${JSON.stringify(schema)}`);
    return primitive;
  }

  /** An object type's members, in braces. */
  members(schema: Schema, direction: Direction): string {
    const { properties = {}, required = [], additionalProperties } = schema;
    const members = Object.entries(properties).map(([name, member]) => {
      const type = this.typeOf(member, direction);
      const field = required.includes(name) ? `${name}: ${type}` : optional(name, type, direction);
      return `${comment(member.description)}readonly ${field};`;
    });
    if (typeof additionalProperties === 'object') members.push('readonly [member: string]: unknown;');
    return `{\n${members.join('\n')}\n}`;
  }

  #object(schema: Schema, direction: Direction): string {
    const { properties, additionalProperties } = schema;
    if (properties === undefined && typeof additionalProperties === 'object') {
      return `Readonly<Record<string, ${this.typeOf(additionalProperties, direction)}>>`;
    }
    return this.members(schema, direction);
  }

  #referred(reference: string, direction: Direction): string {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    const schema = this.#components[name];
    if (schema === undefined) throw new Error(`The document has no schema ${name}`);
    if (schema.enum === undefined && schema.properties === undefined) return this.typeOf(schema, direction);
    const listed = schema.enum !== undefined && direction === 'argument';
    if (listed || !this.#declarations.has(name)) {
      const text =
        schema.enum === undefined
          ? `export interface ${name} ${this.typeOf(schema, direction)}`
          : enumeration(name, schema.enum, direction);
      this.#declarations.set(name, text);
    }
    return name;
  }
}

/** An enumeration's type; for input also a list of its values, such as `recoveryStates` for `RecoveryState`. */
function enumeration(name: string, values: readonly string[], direction: Direction): string {
  if (direction === 'answer') return `export type ${name} = ${values.map(quoted).join(' | ')};`;
  const list = `${name.charAt(0).toLowerCase()}${name.slice(1)}s`;
  return `${constant(list, values)}\nexport type ${name} = (typeof ${list})[number];`;
}

/** A constant list of strings. */
export const constant = (name: string, values: readonly string[]): string =>
  `export const ${name} = [${values.map(quoted).join(', ')}] as const;`;

const quoted = (text: string): string => `'${text}'`;

const optional = (name: string, type: string, direction: Direction): string =>
  direction === 'argument' ? `${name}?: ${type} | undefined` : `${name}?: ${type}`;

const commentWidth = 100;

/** A docstring whose lines are not too wide to read, or nothing without text. */
export function comment(text: string | undefined): string {
  if (text === undefined) return '';
  const safe = text.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ');
  if (safe.length <= commentWidth) return `/** ${safe} */\n`;
  const lines = safe.match(new RegExp(`.{1,${commentWidth}}(?: |$)|\\S+`, 'g')) ?? [];
  return `/**\n${lines.map((line) => ` * ${line.trimEnd()}\n`).join('')} */\n`;
}
