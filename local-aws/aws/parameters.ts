import { AwsError, validationError } from './aws-error.ts';
import type { Tag } from './tags.ts';

/** The parameters of a Query request, by full name such as `Tags.member.1.Key`. */
export type Query = ReadonlyMap<string, string>;

/** Reads one parameter (or list) and reports everything that is wrong with it to `checks`. */
export interface Parameter<Value> {
  readonly read: (query: Query, name: string, checks: Checks, label: string) => Value;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

export type Values<Definitions extends Parameters> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends Parameter<infer Value> ? Value : never;
};

/** Reads all parameters of a request. Throws ValidationError with every failed constraint, in IAM's and STS's words. */
export function readParameters<Definitions extends Parameters>(
  definitions: Definitions,
  query: Query,
): Values<Definitions> {
  const checks = new Checks();
  const entries = Object.entries(definitions).map(([name, parameter]) => [
    name,
    parameter.read(query, name, checks, camelCase(name)),
  ]);
  checks.assertNone();
  return Object.fromEntries(entries);
}

/** Collects what is wrong with a request's parameters. */
export class Checks {
  readonly #constraints: string[] = [];
  readonly #sentences: string[] = [];

  /** A failed constraint of the service model. @param value as quoted; undefined if it must not be quoted */
  constraint(label: string, value: string | undefined, constraint: string): void {
    const quoted = value === undefined ? 'Value' : `Value ${value}`;
    this.#constraints.push(`${quoted} at '${label}' failed to satisfy constraint: ${constraint}`);
  }

  /** A failed rule with a message of its own, used if no constraint of the model failed. */
  sentence(text: string): void {
    this.#sentences.push(text);
  }

  assertNone(): void {
    const count = this.#constraints.length;
    if (count > 0) {
      const detected = `${count} validation ${count === 1 ? 'error' : 'errors'} detected`;
      throw validationError(`${detected}: ${this.#constraints.join('; ')}`);
    }
    const [sentence] = this.#sentences;
    if (sentence !== undefined) throw validationError(sentence);
  }
}

export interface TextRules {
  readonly min?: number;
  readonly max?: number;
  /** As written in the service model. */
  readonly pattern?: string;
  /** AWS's message for a value that does not match, if it is not the constraint's. */
  readonly sentence?: (label: string) => string;
  readonly values?: readonly string[];
  /** Errors do not quote the value. */
  readonly unquoted?: boolean;
}

/** Optional text. */
export function text(rules: TextRules): Parameter<string | undefined> {
  const pattern = rules.pattern === undefined ? undefined : new RegExp(`^(?:${rules.pattern})$`, 'u');
  return {
    read(query, name, checks, label) {
      const value = query.get(name);
      if (value !== undefined) checkText(value, { ...rules, matches: pattern }, checks, label);
      return value;
    },
  };
}

function checkText(
  value: string,
  rules: TextRules & { readonly matches: RegExp | undefined },
  checks: Checks,
  label: string,
): void {
  const { min = 0, max = Number.POSITIVE_INFINITY, matches, sentence, values } = rules;
  const quoted = rules.unquoted ? undefined : `'${value}'`;
  if (value.length > max)
    checks.constraint(label, quoted, `Member must have length less than or equal to ${max}`);
  if (value.length < min)
    checks.constraint(label, quoted, `Member must have length greater than or equal to ${min}`);
  if (values !== undefined && !values.includes(value)) {
    checks.constraint(label, quoted, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }
  if (matches === undefined || matches.test(value)) return;
  if (sentence !== undefined) checks.sentence(sentence(label));
  else checks.constraint(label, quoted, `Member must satisfy regular expression pattern: ${rules.pattern}`);
}

/** An optional integer. */
export function integer({
  min,
  max,
}: {
  readonly min: number;
  readonly max: number;
}): Parameter<number | undefined> {
  return {
    read(query, name, checks, label) {
      const value = query.get(name);
      if (value === undefined) return undefined;
      if (!/^-?\d{1,10}$/.test(value)) throw new AwsError('MalformedInput', `Invalid value for ${name}.`);
      const number = Number(value);
      if (number > max)
        checks.constraint(label, `'${value}'`, `Member must have value less than or equal to ${max}`);
      if (number < min) {
        checks.constraint(label, `'${value}'`, `Member must have value greater than or equal to ${min}`);
      }
      return number;
    },
  };
}

/** Makes a text parameter required. */
export function required(parameter: Parameter<string | undefined>): Parameter<string> {
  return {
    read(query, name, checks, label) {
      const value = parameter.read(query, name, checks, label);
      if (value === undefined) checks.constraint(label, 'null', 'Member must not be null');
      // No operation sees the empty text: `readParameters` throws after a failed constraint.
      return value ?? '';
    },
  };
}

/** An optional list of at most 50 items. */
export function list<Item>(item: Parameter<Item>): Parameter<readonly Item[] | undefined> {
  return {
    read(query, name, checks, label) {
      const indexes = memberIndexes(query, `${name}.member.`);
      if (indexes.length === 0) return query.has(name) ? [] : undefined;
      if (indexes.length > 50) {
        checks.constraint(label, undefined, 'Member must have length less than or equal to 50');
      }
      return indexes
        .slice(0, 50)
        .map((index, position) =>
          item.read(query, `${name}.member.${index}`, checks, `${label}.${position + 1}.member`),
        );
    },
  };
}

export function requiredList<Item>(item: Parameter<Item>): Parameter<readonly Item[]> {
  const optional = list(item);
  return {
    read(query, name, checks, label) {
      const items = optional.read(query, name, checks, label);
      if (items === undefined) checks.constraint(label, 'null', 'Member must not be null');
      return items ?? [];
    },
  };
}

/** A structure, whose members are named below the parameter's own name. */
export function structure<Definitions extends Parameters>(
  definitions: Definitions,
): Parameter<Values<Definitions>> {
  return {
    read(query, name, checks, label) {
      const entries = Object.entries(definitions).map(([member, parameter]) => [
        member,
        parameter.read(query, `${name}.${member}`, checks, `${label}.${camelCase(member)}`),
      ]);
      return Object.fromEntries(entries);
    },
  };
}

function memberIndexes(query: Query, prefix: string): readonly number[] {
  const indexes = new Set<number>();
  for (const name of query.keys()) {
    const index = name.startsWith(prefix) ? /^\d{1,4}/.exec(name.slice(prefix.length))?.[0] : undefined;
    if (index !== undefined) indexes.add(Number(index));
  }
  return [...indexes].sort((one, other) => one - other);
}

function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function onlyContaining(characters: string): (label: string) => string {
  return (label) =>
    `The specified value for ${label} is invalid. ` +
    `It must contain only alphanumeric characters and/or the following: ${characters}`;
}

const name = { pattern: '[\\w+=,.@-]+', sentence: onlyContaining('+=,.@_-'), min: 1 };

/** Types of the service model that several operations use. */
export const userName = text({ ...name, max: 128 });
export const newUserName = text({ ...name, max: 64 });
export const deviceName = text({ ...name, max: 226 });
export const policyName = text({ ...name, max: 128 });
export const serialNumber = text({
  min: 9,
  max: 256,
  pattern: '[\\w+=/:,.@-]+',
  sentence: onlyContaining('+=/:,.@_-'),
});
export const authenticationCode = text({ min: 6, max: 6, pattern: '[\\d]+', unquoted: true });
export const policyDocument = text({
  min: 1,
  max: 131_072,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
  unquoted: true,
});
export const arn = text({ min: 20, max: 2048 });
export const path = text({
  min: 1,
  max: 512,
  pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)',
  sentence: (label) =>
    `The specified value for ${label} is invalid. ` +
    'It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  unquoted: true,
});
export const pathPrefix = text({ min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' });
export const paging = {
  Marker: text({ min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' }),
  MaxItems: integer({ min: 1, max: 1000 }),
};
export const tagKey = text({ min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' });
const tagValue = text({ max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' });
export const tag: Parameter<Tag> = structure({ Key: required(tagKey), Value: required(tagValue) });
