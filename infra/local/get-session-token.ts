import { AwsV4Signer } from 'aws4fetch';

export interface GetSessionToken {
  /** Of the MFA device. */
  readonly serialNumber: string;
  readonly code: string;
  /** Seconds of the session. */
  readonly duration: number;
  /** URL of STS. */
  readonly endpoint: string;
  readonly region: string;
}

/** Seconds for which a presigned URL is good. */
const expires = 300;

/** A GetSessionToken request as a URL that a user's long-term keys signed, for POST /v1/me/sessions. */
export async function presignGetSessionToken(
  { serialNumber, code, duration, endpoint, region }: GetSessionToken,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
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
  const signer = new AwsV4Signer({
    url: url.href,
    accessKeyId,
    secretAccessKey,
    service: 'sts',
    region,
    signQuery: true,
  });
  return (await signer.sign()).url.href;
}
