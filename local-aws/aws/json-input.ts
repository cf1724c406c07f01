import type * as z from 'zod';
import { AwsError } from './aws-error.ts';

/** Parses a JSON body; an empty one counts as an object without members. Throws SerializationException. */
export function readJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw serializationFailure();
  }
}

/**
 * Parses an operation's input; unknown members are ignored, as AWS does. Throws SerializationException for values of
 * the wrong type.
 * @param code of the error that lists the failed constraints
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code = 'ValidationException',
): z.output<Schema> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const { issues } = result.error;
  if (issues.some(isWrongType)) throw serializationFailure();
  const detected = `${issues.length} validation ${issues.length === 1 ? 'error' : 'errors'} detected`;
  throw new AwsError(code, `${detected}: ${issues.map(describe).join('; ')}`);
}

/** AWS's messages for failed constraints. */
export const atLeast = (length: number): string =>
  `Member must have length greater than or equal to ${length}`;
export const atMost = (length: number): string => `Member must have length less than or equal to ${length}`;

function isWrongType({ code, input }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && input !== undefined && input !== null;
}

function describe({ path, message, input }: z.core.$ZodIssue): string {
  const [first = '', ...rest] = path.map((part) => (typeof part === 'number' ? `${part + 1}.member` : part));
  const label = [first, ...rest].map((part) => lowerFirst(String(part))).join('.');
  if (input === undefined || input === null)
    return `Value null at '${label}' failed to satisfy constraint: Member must not be null`;
  return `Value at '${label}' failed to satisfy constraint: ${message}`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function serializationFailure(): AwsError {
  return new AwsError('SerializationException', 'The request could not be read.');
}
