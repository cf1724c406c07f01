import type { PolicyDocument, Role } from '../../infra/policies/policy-document.ts';
import { decideAssumeRole, evaluate } from '../../local-aws/policy/evaluate.ts';
import type { Principal } from '../../local-aws/principal.ts';

export const names = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
  apiId: 'api',
  stage: 'live',
  tableName: 'table',
  noticeSender: 'mfa@example.com',
};
export const account = `arn:aws:iam::${names.accountId}`;
export const table = `arn:aws:dynamodb:us-east-1:${names.accountId}:table/table`;

/** Returns a check of what a policy allows on its own. */
export const allowedBy =
  ({ policy }: { readonly policy: PolicyDocument }) =>
  (action: string, resource: string, context: Readonly<Record<string, string | readonly string[]>> = {}) =>
    evaluate({ action, resource, principal: undefined, context }, [policy]) === 'allow';

/** The actions that a role's policy names. */
export const actionsOf = ({ policy }: Role): readonly string[] =>
  [policy.Statement].flat().flatMap(({ Action = [] }) => Action);

/** Whether a session of the role with the given ARN, itself allowed everything, may assume a role. */
export function assumedBy(role: Role, roleArn: string, sourceIdentity?: string) {
  const principal: Principal = {
    type: 'assumed-role',
    accountId: names.accountId,
    arn: `arn:aws:sts::${names.accountId}:assumed-role/some/session`,
    roleArn,
    userId: 'AROASOME:session',
    accessKeyId: 'ASIASOME',
  };
  const context = {
    'aws:PrincipalArn': roleArn,
    ...(sourceIdentity && { 'sts:SourceIdentity': sourceIdentity }),
  };
  return decideAssumeRole(
    { action: 'sts:AssumeRole', resource: `${account}:role${role.path}${role.name}`, principal, context },
    {
      identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
      trust: role.trustPolicy,
    },
  );
}
