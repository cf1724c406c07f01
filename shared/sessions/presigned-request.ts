import { serialNumberPattern } from '../contract/patterns.ts';
import { type InputError, Problem } from '../contract/problem.ts';

/** What a presigned request must match. */
export interface Expectation {
  /** STS endpoints that requests may be signed for; compared by origin. */
  readonly endpoints: readonly string[];
  /** The access key that signed the API call. */
  readonly accessKeyId: string;
  /** Real time in milliseconds, which signatures are dated by. */
  readonly now: number;
}

/** A GetSessionToken request that may be forwarded. */
export interface PresignedRequest {
  /** Rebuilt from what was checked, so that STS cannot read it differently. */
  readonly url: URL;
  readonly serialNumber: string;
}

/** The allowed parameters and their formats. */
const parameters: Readonly<Record<string, RegExp>> = {
  Action: /^GetSessionToken$/,
  Version: /^2011-06-15$/,
  SerialNumber: serialNumberPattern,
  TokenCode: /^\d{6}$/,
  DurationSeconds: /^\d{3,6}$/,
  'X-Amz-Algorithm': /^AWS4-HMAC-SHA256$/,
  'X-Amz-Credential': /^[A-Z0-9]{16,128}\/\d{8}\/[a-z0-9-]+\/sts\/aws4_request$/,
  'X-Amz-Date': /^\d{8}T\d{6}Z$/,
  'X-Amz-Expires': /^\d{1,6}$/,
  'X-Amz-SignedHeaders': /^host$/,
  'X-Amz-Signature': /^[0-9a-f]{64}$/,
};
const optional = new Set(['DurationSeconds']);

/**
 * Checks a presigned STS URL before it is forwarded, so that the service calls nothing but STS, and there nothing but
 * GetSessionToken for the caller. Throws `validation-failed` with everything that is wrong.
 */
export function checkPresignedRequest(text: string, expectation: Expectation): PresignedRequest {
  const url = checkedEndpoint(text, expectation.endpoints);
  const errors = parameterErrors(url.searchParams);
  if (errors.length === 0) errors.push(...signatureErrors(url.searchParams, expectation));
  if (errors.length > 0) throw refused(errors);
  const query = [...url.searchParams].map((pair) => pair.map(encode).join('=')).join('&');
  return {
    url: new URL(`${url.origin}/?${query}`),
    serialNumber: url.searchParams.get('SerialNumber') ?? '',
  };
}

function checkedEndpoint(text: string, endpoints: readonly string[]): URL {
  const url = URL.parse(text);
  const allowed = endpoints.some((endpoint) => url?.origin === new URL(endpoint).origin);
  const bare = url?.username === '' && url.password === '' && url.hash === '' && url.pathname === '/';
  // The text itself must start as the parsed URL does: refuses what parsers disagree about.
  const plain = url !== null && (text.startsWith(`${url.origin}/?`) || text.startsWith(`${url.origin}?`));
  if (url && allowed && bare && plain) return url;
  throw refused([
    `must begin with one of ${endpoints.map((endpoint) => `${new URL(endpoint).origin}/?`).join(', ')}`,
  ]);
}

function parameterErrors(query: URLSearchParams): string[] {
  const unknown = [...new Set(query.keys())].filter((name) => !Object.hasOwn(parameters, name));
  const known = Object.entries(parameters).flatMap(([name, pattern]) => {
    const values = query.getAll(name);
    if (values.length > 1) return [`must carry ${name} only once`];
    if (values.length === 0) return optional.has(name) ? [] : [`must carry ${name}`];
    return pattern.test(values[0] ?? '') ? [] : [`must carry ${name} in the form ${pattern.source}`];
  });
  return [
    ...(unknown.length > 0
      ? ['must carry no parameters other than those of GetSessionToken and the signature']
      : []),
    ...known,
  ];
}

function signatureErrors(query: URLSearchParams, { accessKeyId, now }: Expectation): string[] {
  const errors: string[] = [];
  if (query.get('X-Amz-Credential')?.split('/')[0] !== accessKeyId) {
    errors.push('must be signed with the long-term access key that signs this call');
  }
  const signedAt = Date.parse(
    (query.get('X-Amz-Date') ?? '').replace(
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
      '$1-$2-$3T$4:$5:$6Z',
    ),
  );
  const expiresAt = signedAt + Number(query.get('X-Amz-Expires')) * 1000;
  if (!(now < expiresAt)) errors.push('has expired; sign a new one');
  return errors;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function refused(details: readonly string[]): Problem {
  const errors: InputError[] = details.map((detail) => ({ pointer: '/body/presignedUrl', detail }));
  return new Problem(
    'validation-failed',
    'Presign a GET of STS GetSessionToken with SerialNumber and TokenCode, and send its URL unchanged.',
    { errors },
  );
}
