import type { Operation } from '../../contract/operation.ts';
import { Problem } from '../../contract/problem.ts';
import { errorFields, log } from '../../lib/log.ts';
import type { UserDirectory } from '../../recoveries/ports.ts';
import { errorCodeOf } from '../errors.ts';
import { auditScope } from './audit-scope.ts';
import { readActive, readUser } from './iam-reads.ts';
import { callScoped, type ScopedClients } from './scoped-clients.ts';

interface Scope {
  readonly operation: Operation;
  /** Who asks: a person, or a ticketing system. */
  readonly identity: string;
  readonly signal: AbortSignal;
}

/** An IAM user, looked at with credentials of the audit role that see nobody else. */
export function userDirectory({ operation, identity, signal }: Scope, userName: string): UserDirectory {
  const scope = auditScope(operation, identity, userName);
  const options = { abortSignal: signal };
  const call = <T>(use: (clients: ScopedClients) => Promise<T>): Promise<T> =>
    callScoped(scope, signal, (clients) => use(clients).catch(asUserNotFound));
  return {
    getUser: () => call(({ iam }) => readUser(iam, userName, options)),

    listActive: () => call(({ iam }) => readActive(iam, userName, options)),
  };
}

/**
 * IAM has one code for everything that is not there; here it can only be the user. It also finds users whose names are
 * written in another case than asked for, whom the credentials, being for the name as it is written, do not reach.
 */
function asUserNotFound(error: unknown): never {
  const code = errorCodeOf(error);
  if (code !== 'NoSuchEntity' && code !== 'AccessDenied') throw error;
  if (code === 'AccessDenied') log.warn('user not looked at', errorFields(error));
  throw new Problem(
    'user-not-found',
    'There is no IAM user of exactly this name in the account, or none that this service may look at.',
    {},
    { cause: error },
  );
}
