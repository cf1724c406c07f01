import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Caller } from '../caller.ts';
import { Problem } from '../contract/problem.ts';
import { env } from '../env.ts';
import { clientSettings } from './client.ts';
import { observedClient } from './observe.ts';

/** Temporary credentials as the SDK's clients take them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** AWS's shortest role session; role chaining allows an hour at most. */
const durationSeconds = 900;

let client: STSClient | undefined;

/**
 * Assumes the device role for one caller under a session policy. CloudTrail names the caller as the source
 * identity of everything done with the credentials.
 */
export const assumeDeviceRole = (caller: Caller, policy: string): Promise<RoleCredentials> =>
  assumeRole(env().DEVICE_ROLE_ARN, sourceIdentityOf(caller.userName), { Policy: policy });

/** Assumes a role under a source identity. */
export async function assumeRole(
  roleArn: string,
  identity: string,
  restriction: { readonly Policy?: string } = {},
): Promise<RoleCredentials> {
  client ??= observedClient(new STSClient(clientSettings));
  const { Credentials } = await client.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: identity,
      SourceIdentity: identity,
      DurationSeconds: durationSeconds,
      ...restriction,
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Problem('upstream-failed', 'STS gave no credentials to work with.');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** The user's name; STS wants two characters at least. */
export const sourceIdentityOf = (userName: string): string => userName.padEnd(2, '=');
