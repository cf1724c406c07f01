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
  const date = basicDate();
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

/** Seconds for which a presigned request is good. */
const presignedFor = 60;

/** The URL of a GET of STS, signed in its query. */
export function presigned(
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  { accessKeyId, secretAccessKey }: Keys,
  region: string,
): string {
  const date = basicDate();
  const scope = [date.slice(0, 8), region, 'sts', 'aws4_request'].join('/');
  const { host, origin } = new URL(endpoint);
  const query = new URLSearchParams({
    ...parameters,
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': date,
    'X-Amz-Expires': String(presignedFor),
    'X-Amz-SignedHeaders': 'host',
  });
  const target = `/?${query}`;
  const request = { method: 'GET', target, headers: { host }, body: Buffer.alloc(0) };
  const [canonical = ''] = canonicalRequests(request, ['host'], queryParameters(target));
  const signature = signatureOf(canonical, { date, scope }, secretAccessKey).toString('hex');
  return `${origin}${target}&X-Amz-Signature=${signature}`;
}

const basicDate = (): string => new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
