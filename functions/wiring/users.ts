import { accountDirectory } from '../../shared/aws/iam/account-directory.ts';
import { userDirectory } from '../../shared/aws/iam/user-directory.ts';
import type { AccountDirectory } from '../../shared/coverage/ports.ts';
import type { PrincipalCall } from '../../shared/http/endpoint.ts';
import type { UserDirectory } from '../../shared/recoveries/ports.ts';

/** All users of the account, as far as the principal may see them. */
export const accountOf = (call: PrincipalCall): AccountDirectory =>
  accountDirectory({ ...call, identity: call.principal.name });

/** One user, as far as the principal may see them. */
export const userOf = (call: PrincipalCall, userName: string): UserDirectory =>
  userDirectory({ ...call, identity: call.principal.name }, userName);
