import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { deployment } from '../../local-aws/deployment.ts';
import type { LocalStack } from '../../local-aws/stack.ts';
import type { SigningKeys } from './sign.ts';
import { userKeys } from './stack.ts';

/** The roles of the local AWS that act for others, and the users who may assume each under their own name. */
const roleOf: Readonly<Record<string, string>> = {
  ann: 'mfa-agent',
  abe: 'mfa-agent',
  pat: 'mfa-approver',
  pia: 'mfa-approver',
  kim: 'mfa-auditor',
};

/** A session, from the local STS, in the role that a seeded user may assume. */
export async function staffSession(
  { awsUrl }: Pick<LocalStack, 'awsUrl'>,
  userName: string,
): Promise<SigningKeys> {
  const sts = new STSClient({
    endpoint: awsUrl,
    region: deployment.region,
    credentials: userKeys(userName),
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${deployment.accountId}:role/${roleOf[userName]}`,
      RoleSessionName: userName,
    }),
  );
  sts.destroy();
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error(`No session for ${userName}`);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
