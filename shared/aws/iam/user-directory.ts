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
  /** The person or ticketing system asking. */
  readonly identity: string;
  readonly signal: AbortSignal;
}

/** An IAM user, read with the audit role, restricted to that user. */
export function userDirectory({ operation, identity, signal }: Scope, userName: string): UserDirectory {
  const scoped = scopedCall(auditScope(operation, identity, userName), signal);
  const call: IamCall = (command, meanings) => scoped(command, { AccessDenied: outOfReach, ...meanings });
  return {
    getUser: () => readUser(call, userName),
    listActive: () => readActive(call, userName),
  };
}

/**
 * IAM looks up names regardless of case, but policies compare them with case: credentials for a name in the wrong case
 * do not reach the user.
 */
function outOfReach(error: unknown): never {
  log.warn('user out of reach', errorFields(error));
  throw problemOf('user-not-found', error);
}
