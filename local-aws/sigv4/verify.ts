import { timingSafeEqual } from 'node:crypto';
import { canonicalRequests, headerValue, type ReceivedRequest, sha256 } from '../../infra/sigv4/canonical.ts';
import { signatureOf } from '../../infra/sigv4/signature.ts';
import type { Credentials, Principal } from '../principal.ts';
import { type Authorization, readAuthorization } from './authorization.ts';
import { basicDate, checkAge } from './dates.ts';
import { demand, type SignatureError, SignatureFailure } from './failure.ts';

export type { ReceivedRequest } from '../../infra/sigv4/canonical.ts';
export type { SignatureError } from './failure.ts';

export interface Expected {
  readonly credentials: Credentials;
  /** The services for which a signature is accepted, for example `iam`. */
  readonly services: readonly string[];
  /** Any Region by default. */
  readonly region?: string;
  /** Real time in milliseconds, not the local AWS's clock: that is what signers use. */
  readonly now: number;
}

export type Verified =
  | { readonly principal: Principal; readonly accessKeyId: string }
  | { readonly error: SignatureError };

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const credentialMessages = {
  InvalidClientTokenId: 'The security token included in the request is invalid.',
  ExpiredToken: 'The security token included in the request is expired',
  AccessDenied: 'The security token included in the request may not be used.',
} as const;

/**
 * Verifies a Signature Version 4, in the Authorization header or a presigned URL, over the request as received
 * (IAM user guide, "Signature Version 4 for API requests").
 */
export function verifySignature(request: ReceivedRequest, expected: Expected): Verified {
  try {
    const authorization = readAuthorization(request);
    const date = basicDate(authorization.date);
    checkScope(authorization, date, expected);
    checkAge(date, authorization.expires, expected.now);
    checkSignedHeaders(request, authorization.signedHeaders);
    return authenticate(request, authorization, date, expected.credentials);
  } catch (error) {
    if (error instanceof SignatureFailure) return { error: error.error };
    throw error;
  }
}

function checkScope({ scope }: Authorization, date: string, { services, region }: Expected): void {
  const checks: readonly (readonly [boolean, string])[] = [
    [
      scope.terminator === 'aws4_request',
      "Credential should be scoped with a valid terminator: 'aws4_request'.",
    ],
    [
      services.includes(scope.service),
      `Credential should be scoped to correct service: '${services.join("' or '")}'.`,
    ],
    [
      region === undefined ? /^[a-z0-9-]+$/.test(scope.region) : scope.region === region,
      'Credential should be scoped to a valid region.',
    ],
    [
      scope.date === date.slice(0, 8),
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
    ],
  ];
  for (const [holds, message] of checks) demand(holds, 'SignatureDoesNotMatch', message);
}

function checkSignedHeaders(request: ReceivedRequest, signed: readonly string[]): void {
  demand(
    signed.includes('host'),
    'SignatureDoesNotMatch',
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  );
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && !signed.includes(name) && headerValue(request, name) !== undefined,
  );
  demand(
    unsigned === undefined,
    'SignatureDoesNotMatch',
    `'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`,
  );
}

function authenticate(
  request: ReceivedRequest,
  authorization: Authorization,
  date: string,
  credentials: Credentials,
): Verified {
  const { accessKeyId, sessionToken } = authorization;
  const known = credentials.resolve(accessKeyId, sessionToken);
  if ('error' in known) throw new SignatureFailure(known.error, credentialMessages[known.error]);
  demand(
    isBodyHash(request) && isSigned(request, authorization, date, known.secretAccessKey),
    'SignatureDoesNotMatch',
    mismatch,
  );
  return { principal: known.principal, accessKeyId };
}

// Only the hash of the received body is accepted, so UNSIGNED-PAYLOAD and the streaming forms are not.
function isBodyHash(request: ReceivedRequest): boolean {
  const sent = headerValue(request, 'x-amz-content-sha256');
  return sent === undefined || sent === sha256(request.body);
}

function isSigned(
  request: ReceivedRequest,
  { scope, signedHeaders, signature, query }: Authorization,
  date: string,
  secretAccessKey: string,
): boolean {
  const sent = Buffer.from(signature, 'hex');
  const signing = { date, scope: [scope.date, scope.region, scope.service, scope.terminator].join('/') };
  return canonicalRequests(request, signedHeaders, query).some(
    (canonical) =>
      isBytes(canonical) && timingSafeEqual(signatureOf(canonical, signing, secretAccessKey), sent),
  );
}

// A character outside latin1 cannot come from the wire, and hashing would truncate it to another one.
function isBytes(text: string): boolean {
  return Buffer.from(text, 'latin1').toString('latin1') === text;
}
