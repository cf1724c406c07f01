import { hash } from 'node:crypto';

/** A request as it arrived. All text is as Node gives it, one character per byte (latin1). */
export interface ReceivedRequest {
  readonly method: string;
  /** The request target as sent: path and query. */
  readonly target: string;
  /** Names in lower case; a list if a header was repeated (Node's `headersDistinct`). */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

export type QueryParameter = readonly [name: string, value: string];

/** A header's value, repeated ones joined by commas; undefined if it was not sent. */
export function headerValue({ headers }: ReceivedRequest, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'object' ? value.join(',') : value;
}

/** The decoded query parameters in the order sent. `+` is a space, as the services read it. */
export function queryParameters(target: string): readonly QueryParameter[] {
  const start = target.indexOf('?');
  const pairs = start < 0 ? [] : target.slice(start + 1).split('&');
  return pairs.filter((pair) => pair !== '').map(splitPair);
}

function splitPair(pair: string): QueryParameter {
  const [name = '', ...rest] = pair.split('=');
  return [percentDecode(name), percentDecode(rest.join('='))];
}

/**
 * The canonical requests that a signer may have hashed for this one (SigV4 specification). Signers disagree about the
 * path: SDKs normalise it and encode it again, `aws4fetch` and botocore do nearly the same, and curl before 8.3 uses it
 * unchanged. Accepting all of them is harmless: routing and policies use the path as sent, and a path that is not in
 * normal form matches no route.
 */
export function canonicalRequests(
  request: ReceivedRequest,
  signedHeaders: readonly string[],
  query: readonly QueryParameter[],
): readonly string[] {
  const path = request.target.split('?', 1)[0] || '/';
  const paths = new Set([encodePath(path), path, encodePath(normalised(path))]);
  const headers = signedHeaders
    .map((name) => `${name}:${folded(headerValue(request, name) ?? '')}\n`)
    .join('');
  const rest = [canonicalQuery(query), headers, signedHeaders.join(';'), sha256(request.body)].join('\n');
  return [...paths].map((candidate) => [request.method, candidate, rest].join('\n'));
}

/** SHA-256 in hexadecimal. Text is one byte per character. */
export function sha256(data: Uint8Array | string): string {
  return hash('sha256', typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
}

function canonicalQuery(query: readonly QueryParameter[]): string {
  return query
    .map(([name, value]): QueryParameter => [percentEncode(name), percentEncode(value)])
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

function folded(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

function encodePath(path: string): string {
  return path.split('/').map(percentEncode).join('/');
}

function normalised(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function percentEncode(text: string): string {
  return text.replace(
    /[^A-Za-z0-9\-._~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function percentDecode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
