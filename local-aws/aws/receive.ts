import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error.ts';
import type { Query } from './parameters.ts';

// The largest parameter, a policy document, has 131,072 characters, each of up to six bytes when form-encoded.
const bodyLimit = 1024 * 1024;

/**
 * Reads the whole body. Throws RequestEntityTooLarge only at its end: a client that is still sending reads no
 * response.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= bodyLimit) chunks.push(chunk);
  }
  if (size > bodyLimit) throw new AwsError('RequestEntityTooLarge', 'Request body is too large.');
  return Buffer.concat(chunks);
}

/** A Query request's parameters, from the URL (without the signature's) and a form. The first of each name counts. */
export function readQuery({ method, url = '/', headers }: IncomingMessage, body: Buffer): Query {
  const start = url.indexOf('?');
  const query = new Map<string, string>();
  const sources = [start === -1 ? '' : url.slice(start + 1)];
  const isForm =
    headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false;
  if (method === 'POST' && isForm) sources.push(body.toString());
  for (const source of sources) {
    for (const [name, value] of new URLSearchParams(source)) {
      if (!query.has(name) && !name.toLowerCase().startsWith('x-amz-')) query.set(name, value);
    }
  }
  return query;
}
