import { AwsV4Signer } from 'aws4fetch';
import type { SigningKeys } from './credentials.ts';

/** A request without its signature. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** Signature headers for a request to the API (SigV4, service execute-api). */
export async function signatureHeaders(
  { method, url, body }: UnsignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: SigningKeys,
  region: string,
): Promise<Record<string, string>> {
  const signer = new AwsV4Signer({
    method,
    url,
    body: body ?? null,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: 'execute-api',
    region,
  });
  const { headers } = await signer.sign();
  return Object.fromEntries(headers);
}

/** The parameters of a request for a session with MFA. */
export interface GetSessionToken {
  readonly endpoint: string;
  readonly region: string;
  readonly serialNumber: string;
  readonly code: string;
  /** Seconds. */
  readonly duration: number;
}

/** Seconds for which a presigned URL is valid: it is used at once, but clocks differ. */
const expires = 300;

/** Presigns a GetSessionToken URL with long-term keys, for POST /v1/me/sessions. */
export async function presignGetSessionToken(
  { endpoint, region, serialNumber, code, duration }: GetSessionToken,
  { accessKeyId, secretAccessKey }: SigningKeys,
): Promise<string> {
  const url = new URL(endpoint);
  url.search = new URLSearchParams({
    Action: 'GetSessionToken',
    Version: '2011-06-15',
    DurationSeconds: String(duration),
    SerialNumber: serialNumber,
    TokenCode: code,
    'X-Amz-Expires': String(expires),
  }).toString();
  const keys = { accessKeyId, secretAccessKey };
  const signer = new AwsV4Signer({ url: url.href, ...keys, service: 'sts', region, signQuery: true });
  return (await signer.sign()).url.href;
}
