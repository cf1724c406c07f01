import { createHash, createHmac } from 'node:crypto';

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface Scope {
  readonly service: string;
  readonly region: string;
  /** Real time; SigV4's dates never follow the local clock. */
  readonly date: Date;
}

/**
 * The headers that sign a whole request with SigV4, exactly as sent: unlike library signers, this leaves doubled
 * slashes, dot segments and odd encodings in the path alone. Source: IAM user guide, SigV4.
 */
export function sign(
  request: UnsignedRequest,
  keys: SigningKeys,
  { service, region, date }: Scope,
): Record<string, string> {
  const amzDate = date.toISOString().replace(/[:-]|\.\d{3}/g, '');
  const scope = `${amzDate.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers: Record<string, string> = {
    ...request.headers,
    'X-Amz-Date': amzDate,
    ...(keys.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': keys.sessionToken }),
  };
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/\s+/g, ' ')] as const)
    .sort(byCodeUnits);
  const signedHeaders = lines.map(([name]) => name).join(';');
  const [path = '', query = ''] = request.target.split(/\?(.*)/s);
  const canonical = [
    request.method,
    path.split('/').map(encode).join('/'),
    canonicalQuery(query),
    ...lines.map((line) => line.join(':')),
    '',
    signedHeaders,
    sha256(request.body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  const credential = `Credential=${keys.accessKeyId}/${scope}`;
  const signature = `Signature=${hmac(key, toSign).toString('hex')}`;
  return {
    ...headers,
    Authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signedHeaders}, ${signature}`,
  };
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort((one, other) => byCodeUnits(one, other) || byCodeUnits([one[1]], [other[1]]))
    .map((pair) => pair.join('='))
    .join('&');
}

function byCodeUnits(
  [one]: readonly [string, ...unknown[]],
  [other]: readonly [string, ...unknown[]],
): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: string | Buffer, content: string): Buffer {
  return createHmac('sha256', key).update(content).digest();
}
