import * as z from 'zod/mini';
import type { Operation } from '../contract/operation.ts';
import type { CredentialScope } from './scoped-clients.ts';
import { userSessionPolicy } from './session-policy.ts';
import { sourceIdentityOf } from './sts.ts';

const schema = z.object({ AUDIT_ROLE_ARN: z.string().check(z.regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/)) });

let roleArn: string | undefined;

function auditRoleArn(): string {
  // biome-ignore lint/style/noProcessEnv: beside shared/env.ts one of the places that read it
  roleArn ??= schema.safeParse(process.env).data?.AUDIT_ROLE_ARN;
  if (roleArn === undefined) throw new Error('Environment variable missing or not valid: AUDIT_ROLE_ARN');
  return roleArn;
}

/** The audit role for one operation, one who asks, and one user to look at; without a user for lists of all. */
export function auditScope(
  { name, actions }: Pick<Operation, 'name' | 'actions'>,
  identity: string,
  userName = '',
): CredentialScope {
  const arn = auditRoleArn();
  return {
    key: ['audit', identity, name, userName].join('\n'),
    roleArn: arn,
    identity: sourceIdentityOf(identity),
    policy: () => userSessionPolicy(actions, arn, userName),
  };
}
