import { canonicalRequests, queryParameters } from '../sigv4/canonical.ts';
import { algorithm, signatureOf } from '../sigv4/signature.ts';

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
 * The headers that sign a request for `execute-api`, once for each way in which a gateway might canonicalise its path:
 * what a gateway makes of an odd spelling is not documented.
 */
export function signatures(
  { host, method, target, headers, body }: UnsignedRequest,
  keys: Keys,
  region: string,
): readonly Readonly<Record<string, string>>[] {
  const date = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
  const token = keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken };
  const signed = { ...headers, host, 'x-amz-date': date, ...token };
  const names = Object.keys(signed).sort();
  const scope = [date.slice(0, 8), region, 'execute-api', 'aws4_request'].join('/');
  const request = { method, target, headers: signed, body: Buffer.from(body) };
  return canonicalRequests(request, names, queryParameters(target)).map((canonical) => {
    const credential = `Credential=${keys.accessKeyId}/${scope}`;
    const signature = signatureOf(canonical, { date, scope }, keys.secretAccessKey).toString('hex');
    return {
      ...signed,
      authorization: `${algorithm} ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
    };
  });
}
