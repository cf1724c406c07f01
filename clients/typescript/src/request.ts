import type { OperationInfo } from './operation-info.ts';
import { type Api, operations } from './operations.ts';
import type { UnsignedRequest } from './sign.ts';

export type OperationName = keyof Api;

/** A call to an operation, ready to be signed. */
export interface ApiRequest extends UnsignedRequest {
  readonly operation: OperationName;
  readonly info: OperationInfo;
  readonly accept: string;
}

type Input = Readonly<Record<string, unknown>>;

/** Whether an operation takes an input argument before the call options. */
export function takesInput({ path, query, body }: OperationInfo): boolean {
  return path.includes('{') || query !== undefined || body === true;
}

/** Builds the request for an operation. Throws a TypeError for input that makes no valid request. */
export function requestOf(url: string, operation: OperationName, input: Input, accept?: string): ApiRequest {
  const info = operations[operation];
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const take = (name: string): unknown => {
    const value = rest.get(name);
    rest.delete(name);
    return value;
  };
  const path = info.path.replace(/{(\w+)}/g, (_, name: string) => segment(operation, name, take(name)));
  const query = (info.query ?? []).flatMap((name) => pairs(name, take(name))).join('&');
  if (!info.body && rest.size > 0) {
    throw new TypeError(`${operation} does not accept ${[...rest.keys()].join(', ')}.`);
  }
  return {
    operation,
    info,
    method: info.method,
    url: `${url}${path}${query === '' ? '' : `?${query}`}`,
    body: info.body ? JSON.stringify(Object.fromEntries(rest)) : undefined,
    accept: accept ?? 'application/json',
  };
}

/** A path parameter. A dot segment would lead to another operation. */
function segment(operation: OperationName, name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new TypeError(`${operation} needs a ${name}: a non-empty string other than "." and "..".`);
  }
  // The API expects characters that are valid in a path to be sent unencoded.
  return encode(value).replace(/%(?:2B|2C|3D|40)/g, decodeURIComponent);
}

function pairs(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  return [value].flat().map((one) => `${name}=${encode(String(one))}`);
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
