import { auditRole } from '../../config/roles.ts';
import type { Operation } from '../../contract/operation.ts';
import type { CredentialScope } from './scoped-clients.ts';
import { userSessionPolicy } from './session-policy.ts';
import { sourceIdentityOf } from './sts.ts';

/** The audit role for one operation, requester and user to read; without a user, for account-wide lists only. */
export function auditScope(
  { name, actions }: Pick<Operation, 'name' | 'actions'>,
  identity: string,
  userName = '',
): CredentialScope {
  const { AUDIT_ROLE_ARN } = auditRole();
  return {
    key: ['audit', identity, name, userName].join('\n'),
    roleArn: AUDIT_ROLE_ARN,
    identity: sourceIdentityOf(identity),
    policy: () => userSessionPolicy(actions, AUDIT_ROLE_ARN, userName),
  };
}
