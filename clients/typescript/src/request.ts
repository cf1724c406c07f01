import type { OperationInfo } from './operation-info.ts';
import { type Api, operations } from './operations.ts';
import type { UnsignedRequest } from './sign.ts';

export type OperationName = keyof Api;

/** A call of an operation, ready to be signed. */
export interface ApiRequest extends UnsignedRequest {
  readonly operation: OperationName;
  readonly info: OperationInfo;
  readonly accept: string;
}

type Input = Readonly<Record<string, unknown>>;

/** Whether an operation takes an argument before the options of the call. */
export function takesInput({ path, query, body }: OperationInfo): boolean {
  return path.includes('{') || query !== undefined || body === true;
}

/** The request that calls an operation with this input. Throws a TypeError for input that no request can be made of. */
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
    throw new TypeError(`${operation} takes no ${[...rest.keys()].join(', ')}.`);
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

/** A parameter in the path. A dot segment would lead to another operation. */
function segment(operation: OperationName, name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new TypeError(`${operation} needs a ${name}: a text, and not "." or "..".`);
  }
  // The API wants characters as they are that need no encoding within a path.
  return encode(value).replace(/%(?:2B|2C|3D|40)/g, decodeURIComponent);
}

function pairs(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  return [value].flat().map((one) => `${name}=${encode(String(one))}`);
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
