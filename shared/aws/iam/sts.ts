import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Problem } from '../../contract/problem.ts';
import { onceClient } from '../once-client.ts';

/** Temporary credentials as the SDK's clients take them. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** AWS's shortest role session; role chaining allows an hour at most. */
const durationSeconds = 900;

const sts = onceClient(STSClient);

/** Assumes a role under a source identity. */
export async function assumeRole(
  roleArn: string,
  identity: string,
  restriction: { readonly Policy?: string } = {},
): Promise<RoleCredentials> {
  const { Credentials } = await sts().send(
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

/** Who is behind it, as STS takes it: two characters at least, and of those that names of users may have. */
export const sourceIdentityOf = (name: string): string =>
  name
    .replace(/[^\w+=,.@-]/g, '_')
    .slice(0, 64)
    .padEnd(2, '=');
