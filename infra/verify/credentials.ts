import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Keys } from './sign.ts';

/** Keys as the AWS CLI would find them: from the named profile, or without one from the environment first. */
export async function keysOf(profile: string | undefined, region: string): Promise<Keys> {
  const client = new STSClient({ region, ...(profile !== undefined && { profile }) });
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
  }
}

/** The Region of a profile or of the environment. */
export async function regionOf(profile: string | undefined): Promise<string> {
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } finally {
    client.destroy();
  }
}

export interface MfaCode {
  readonly serial: string;
  readonly code: string;
}

/** A session of the keys' user from STS, with MFA or without. */
export async function sessionOf(
  { accessKeyId, secretAccessKey }: Keys,
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
  mfa?: MfaCode,
): Promise<Keys> {
  const client = new STSClient({ credentials: { accessKeyId, secretAccessKey }, endpoint, region });
  try {
    const { Credentials } = await client.send(
      new GetSessionTokenCommand({
        DurationSeconds: 900,
        ...(mfa && { SerialNumber: mfa.serial, TokenCode: mfa.code }),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('STS returned no credentials.');
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  } finally {
    client.destroy();
  }
}
