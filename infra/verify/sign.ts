import { createHmac } from 'node:crypto';
import { canonicalRequests, queryParameters, sha256 } from '../sigv4/canonical.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Path and query exactly as they will be sent. */
  readonly target: string;
  readonly host: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The headers that sign a request for `execute-api` as it is sent, once for each way in which a gateway may
 * canonicalise its path: what a gateway makes of an odd spelling is not documented.
 */
export function signatures(
  { host, method, target, headers, body }: UnsignedRequest,
  keys: Keys,
  region: string,
): readonly Readonly<Record<string, string>>[] {
  const amzDate = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
  const token = keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken };
  const signed = { ...headers, host, 'x-amz-date': amzDate, ...token };
  const names = Object.keys(signed).sort();
  const scope = [amzDate.slice(0, 8), region, 'execute-api', 'aws4_request'];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const request = { method, target, headers: signed, body: Buffer.from(body) };
  return canonicalRequests(request, names, queryParameters(target)).map((canonical) => {
    const toSign = ['AWS4-HMAC-SHA256', amzDate, scope.join('/'), sha256(canonical)].join('\n');
    const credential = `Credential=${keys.accessKeyId}/${scope.join('/')}`;
    const signature = `Signature=${hmac(key, toSign).toString('hex')}`;
    return {
      ...signed,
      authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, ${signature}`,
    };
  });
}

function hmac(key: string | Buffer, content: string): Buffer {
  return createHmac('sha256', key).update(content).digest();
}
