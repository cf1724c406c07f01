import type { Operation } from '../../contract/operation.ts';
import { errorFields, log } from '../../lib/log.ts';
import type { UserDirectory } from '../../recoveries/ports.ts';
import { problemOf } from '../aws-call.ts';
import { auditScope } from './audit-scope.ts';
import type { IamCall } from './iam-call.ts';
import { readActive, readUser } from './iam-reads.ts';
import { scopedCall } from './scoped-clients.ts';

interface Scope {
  readonly operation: Operation;
  /** Who asks: a person, or a ticketing system. */
  readonly identity: string;
  readonly signal: AbortSignal;
}

/** An IAM user, looked at with credentials of the audit role that see nobody else. */
export function userDirectory({ operation, identity, signal }: Scope, userName: string): UserDirectory {
  const scoped = scopedCall(auditScope(operation, identity, userName), signal);
  const call: IamCall = (command, meanings) => scoped(command, { AccessDenied: outOfReach, ...meanings });
  return {
    getUser: () => readUser(call, userName),
    listActive: () => readActive(call, userName),
  };
}

/**
 * IAM also finds users whose names are written in another case than asked for; the credentials, being for the name as it
 * is written, do not reach them.
 */
function outOfReach(error: unknown): never {
  log.warn('user not looked at', errorFields(error));
  throw problemOf('user-not-found', error);
}
