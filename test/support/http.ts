import { type IncomingHttpHeaders, request } from 'node:http';
import { type SigningKeys, sign } from './sign.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body parsed as JSON; throws if it is invalid. */
  // biome-ignore lint/suspicious/noExplicitAny: what tests compare it with says what it should be
  json(): any;
}

/**
 * Sends a request exactly as given: the path is neither normalised nor encoded.
 * @param target path and query
 */
export function rawFetch(
  baseUrl: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): Promise<Answer> {
  const { hostname, port } = new URL(baseUrl);
  const length = body.length === 0 ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path: target, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Signs for `execute-api` and sends. A string body is sent unchanged, anything else as JSON.
 * Headers given here are signed too.
 */
export function signedFetch(
  baseUrl: string,
  keys: SigningKeys,
  method: string,
  target: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const signed = signedRequest(baseUrl, keys, method, target, body, headers);
  return rawFetch(baseUrl, method, target, signed.headers, signed.body);
}

/** A signed request that is not sent yet, for tests that tamper with it or send it later. */
export function signedRequest(
  baseUrl: string,
  keys: SigningKeys,
  method: string,
  target: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  { service = 'execute-api', region = 'us-east-1', date = new Date() } = {},
): { readonly headers: Record<string, string>; readonly body: string | Buffer } {
  const content = contentOf(body);
  const type = body === undefined || typeof body === 'string' ? {} : { 'Content-Type': 'application/json' };
  const unsigned = {
    method,
    target,
    headers: { Host: new URL(baseUrl).host, ...type, ...headers },
    body: content,
  };
  return { headers: sign(unsigned, keys, { service, region, date }), body: content };
}

function contentOf(body: unknown): string | Buffer {
  if (body === undefined) return '';
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

function answerOf(status: number, headers: IncomingHttpHeaders, body: Buffer): Answer {
  const text = body.toString();
  return { status, headers, body, text, json: () => JSON.parse(text) };
}
