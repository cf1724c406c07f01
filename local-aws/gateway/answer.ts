import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import * as z from 'zod';
import type { Outcome } from '../lambda/instance.ts';
import { wantsBinary } from './media-types.ts';
import { type GatewayRequest, headerOf } from './request.ts';

/** The response to the client. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The result that a REST API's Lambda proxy integration must return; API Gateway rejects unknown members. */
const proxyResult = z.strictObject({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** API Gateway renames these headers or sets them itself. Source: developer guide, important notes. */
const remapped = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

/** The answer for a function's outcome; undefined if it failed or is not a valid proxy result. */
export function integrationAnswer(
  outcome: Outcome,
  request: GatewayRequest,
  binaryMediaTypes: readonly string[],
): Answer | undefined {
  if ('error' in outcome) return undefined;
  const parsed = proxyResult.safeParse(JSON.parse(outcome.payload));
  if (!parsed.success) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = parsed.data;
  const lines = headerLines(headers ?? {}, multiValueHeaders ?? {});
  if (!lines.every(isSendable)) return undefined;
  const decode = isBase64Encoded === true && wantsBinary(headerOf(request, 'accept'), binaryMediaTypes);
  return {
    status: statusCode,
    headers: lines,
    body: Buffer.from(body ?? '', decode ? 'base64' : 'utf8'),
  };
}

/** Sends an answer. Node adds the real `Date`, to which SDKs adjust their clocks. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const byName = Map.groupBy(headers, ([name]) => name);
  for (const [name, lines] of byName) {
    const values = lines.map(([, value]) => value);
    response.setHeader(name, values.length === 1 ? values.join() : values);
  }
  if (status !== 204) response.setHeader('content-length', body.length);
  response.writeHead(status).end(body);
}

function isSendable([name, value]: readonly [string, string]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function headerLines(
  single: Readonly<Record<string, string>>,
  multi: Readonly<Record<string, readonly string[]>>,
): Answer['headers'] {
  const values = new Map<string, Set<string>>();
  const all = [
    ...Object.entries(multi),
    ...Object.entries(single).map(([name, value]) => [name, [value]] as const),
  ];
  for (const [name, list] of all) {
    const key = outgoingName(name.toLowerCase());
    values.set(key, new Set([...(values.get(key) ?? []), ...list]));
  }
  if (!values.has('content-type')) values.set('content-type', new Set(['application/json']));
  return [...values].flatMap(([name, list]) => [...list].map((value) => [name, value] as const));
}

function outgoingName(name: string): string {
  return remapped.has(name) ? `x-amzn-remapped-${name}` : name;
}
