import type { IncomingMessage } from 'node:http';

/** A request as received. */
export interface GatewayRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  /** Names as sent; one entry per header line. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly sourceIp: string;
  /** The gateway's own port. */
  readonly port: number;
}

/** Reads a request; undefined as soon as its body exceeds the limit (bytes). */
export async function readRequest(
  message: IncomingMessage,
  limit: number,
): Promise<GatewayRequest | undefined> {
  const body = await readBody(message, limit);
  if (body === undefined) return undefined;
  return {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    headers: headerLines(message.rawHeaders),
    body,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
    port: message.socket.localPort ?? 0,
  };
}

/** Reads a body; undefined as soon as it exceeds the limit (bytes). */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  // The stream stays open if this returns early: the answer uses the same socket.
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The path of a target as sent, without its query. */
export function pathOf(target: string): string {
  const [path = ''] = target.split('?', 1);
  return path;
}

export function queryOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? '' : target.slice(mark + 1);
}

/** The last value of a header; names are case-insensitive. */
export function headerOf(request: Pick<GatewayRequest, 'headers'>, name: string): string | undefined {
  const lower = name.toLowerCase();
  return request.headers.findLast(([sent]) => sent.toLowerCase() === lower)?.[1];
}

function headerLines(raw: readonly string[]): GatewayRequest['headers'] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}
