import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Input, Operation } from '../contract/operation.ts';
import { type InputError, Problem } from '../contract/problem.ts';
import { noBody } from '../contract/schemas.ts';

const defaultBodyBytes = 16 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

type Issue = z.core.$ZodIssue;

/** Parses path, query and body by the contract. Throws a single `validation-failed` that lists every fault. */
export function parseInput<O extends Operation>(
  event: APIGatewayProxyEvent,
  operation: O,
  mostBodyBytes = defaultBodyBytes,
): Input<O> {
  const errors: InputError[] = [];
  const parse = (place: 'path' | 'query' | 'body', value: unknown): unknown => {
    const result = operation.input[place].safeParse(value);
    if (!result.success)
      errors.push(...result.error.issues.flatMap((issue) => describe(place, issue, value)));
    return result.data;
  };
  const path = pathOf(event, errors);
  const input = {
    path: path && parse('path', path),
    query: parse('query', queryOf(event, operation, errors)),
    body: parse('body', unlessEmpty(bodyOf(event, mostBodyBytes), operation)),
  };
  if (errors.length > 0) {
    throw new Problem('validation-failed', 'Correct what "errors" lists and send the request again.', {
      errors,
    });
  }
  return input as Input<O>;
}

/**
 * REST APIs hand path parameters over percent-encoded, as sent. They are decoded here and nowhere else, once; undefined
 * if one cannot be.
 */
function pathOf(event: APIGatewayProxyEvent, errors: InputError[]): Record<string, string> | undefined {
  const path: Record<string, string> = {};
  let valid = true;
  for (const [name, sent = ''] of Object.entries(event.pathParameters ?? {})) {
    try {
      path[name] = decodeURIComponent(sent);
    } catch {
      valid = false;
      errors.push({ pointer: pointerTo('path', [name]), detail: 'must be percent-encoded UTF-8' });
    }
  }
  return valid ? path : undefined;
}

/** List parameters become arrays; any other may be given only once. */
function queryOf(
  event: APIGatewayProxyEvent,
  operation: Operation,
  errors: InputError[],
): Record<string, unknown> {
  const { shape } = operation.input.query;
  const query: Record<string, unknown> = {};
  for (const [name, values = []] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    const isList = Object.hasOwn(shape, name) && shape[name] instanceof z.ZodMiniArray;
    if (!isList && values.length > 1)
      errors.push({ pointer: pointerTo('query', [name]), detail: 'may be given only once' });
    query[name] = isList ? values : values[0];
  }
  return query;
}

function bodyOf(event: APIGatewayProxyEvent, mostBytes: number): unknown {
  if (!event.body) return undefined;
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length === 0) return undefined;
  if (bytes.length > mostBytes) {
    throw new Problem('body-too-large', `The body may have at most ${mostBytes} bytes.`);
  }
  if (!isJson(headerOf(event, 'content-type'))) {
    throw new Problem(
      'unsupported-media-type',
      'Send the body as JSON with "Content-Type: application/json".',
    );
  }
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    const errors = [{ pointer: '/body', detail: 'must be JSON in UTF-8' }];
    throw new Problem('validation-failed', 'The body is not JSON.', { errors }, { cause });
  }
}

/** Many clients send `{}` for want of a body: where none is taken, it counts as none. */
const unlessEmpty = (body: unknown, { input }: Operation): unknown =>
  input.body === noBody && isEmptyObject(body) ? undefined : body;

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

const isJson = (contentType: string | undefined) =>
  /^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i.test(contentType ?? '');

/** A header's value, whatever the case of its name. */
export function headerOf(event: APIGatewayProxyEvent, name: string): string | undefined {
  for (const key in event.headers) {
    if (key.length === name.length && key.toLowerCase() === name) return event.headers[key];
  }
  return undefined;
}

function describe(place: string, issue: Issue, root: unknown): InputError[] {
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ pointer: pointerTo(place, issue.path), detail: message }));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo(place, [...issue.path, key]),
      detail: 'is not recognised',
    }));
  }
  return [{ pointer: pointerTo(place, issue.path), detail: detailOf(issue, root) }];
}

function detailOf(issue: Issue, root: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message;
  if (issue.expected === 'undefined') return 'must be left out: this operation takes no body';
  return valueAt(root, issue.path) === undefined ? 'is required' : `must be of type ${issue.expected}`;
}

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );

/** JSON pointer (RFC 6901) to a place in the request. */
const pointerTo = (place: string, path: readonly PropertyKey[]): string =>
  [place, ...path].map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
