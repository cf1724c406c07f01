import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Problem } from '../../contract/problem.ts';
import { connectAtInit } from '../connect-at-init.ts';
import { onceClient } from '../once-client.ts';

/** Temporary credentials in the form that SDK clients accept. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** The shortest role session that STS allows; chained roles get an hour at most. */
const durationSeconds = 900;

const sts = onceClient(STSClient);
connectAtInit(sts, AssumeRoleCommand);

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
    throw new Problem('upstream-failed', 'STS returned no usable credentials. Try again.');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** A name as a valid source identity: 2 to 64 characters, limited to those of user names. */
export const sourceIdentityOf = (name: string): string =>
  name
    .replace(/[^\w+=,.@-]/g, '_')
    .slice(0, 64)
    .padEnd(2, '=');
