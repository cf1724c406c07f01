import {
  type Credentials,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import type { Keys } from './sign.ts';
import type { Perhaps } from './subject.ts';

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

export interface Sts {
  readonly endpoint: string;
  readonly region: string;
}

/** Seconds of the shortest session that STS issues. */
export const shortestSession = 900;

/** A session of the keys' user from STS, with MFA or without. */
export const sessionOf = (keys: Keys, sts: Sts, mfa?: MfaCode, seconds = shortestSession): Promise<Keys> =>
  asking(keys, sts, async (client) => {
    const { Credentials } = await client.send(
      new GetSessionTokenCommand({
        DurationSeconds: seconds,
        ...(mfa && { SerialNumber: mfa.serial, TokenCode: mfa.code }),
      }),
    );
    return keysIn(Credentials);
  });

/** A federated user who may do with APIs what the keys' user may. */
export const federatedUserOf = (keys: Keys, sts: Sts): Promise<Perhaps<Keys>> =>
  asking(keys, sts, async (client) => {
    const allow = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
    try {
      const { Credentials } = await client.send(
        new GetFederationTokenCommand({ Name: 'verify', DurationSeconds: shortestSession, Policy }),
      );
      return { keys: keysIn(Credentials) };
    } catch (error) {
      const why = error instanceof Error ? error.name : 'unknown';
      return { missing: `the user needs sts:GetFederationToken, which STS refused (${why})` };
    }
  });

/** The ARN of the user or of the role's session, for which no permission is needed. */
export const arnOf = (keys: Keys, sts: Sts): Promise<string> =>
  asking(keys, sts, async (client) => (await client.send(new GetCallerIdentityCommand({}))).Arn ?? '');

async function asking<T>(
  { accessKeyId, secretAccessKey, sessionToken }: Keys,
  { endpoint, region }: Sts,
  ask: (client: STSClient) => Promise<T>,
): Promise<T> {
  const token = sessionToken === undefined ? {} : { sessionToken };
  const client = new STSClient({ credentials: { accessKeyId, secretAccessKey, ...token }, endpoint, region });
  try {
    return await ask(client);
  } finally {
    client.destroy();
  }
}

function keysIn({ AccessKeyId, SecretAccessKey, SessionToken }: Partial<Credentials> = {}): Keys {
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('STS returned no credentials.');
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
