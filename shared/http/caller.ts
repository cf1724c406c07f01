import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Caller, Principal } from '../contract/caller.ts';
import { Problem } from '../contract/problem.ts';

const userArnPattern = /^arn:(aws[a-z-]*):iam::(\d{12}):user\/(?:[\x21-\x7e]*\/)?([\w+=,.@-]{1,64})$/;

/**
 * The IAM user who signed the request, from `requestContext.identity` and nothing else.
 * Throws `access-denied` for anyone but an IAM user of the API's own account.
 */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  const { identity, accountId } = event.requestContext;
  const [, partition, account, userName] = userArnPattern.exec(identity.userArn ?? '') ?? [];
  if (!partition || !account || !userName || account !== accountId || identity.accountId !== accountId) {
    throw new Problem(
      'access-denied',
      'Only IAM users of this account have MFA devices to manage here. Sign the request with credentials of ' +
        'such a user, not of a role, the root user or another account.',
    );
  }
  if (!identity.user || !identity.accessKey || !identity.userArn) {
    throw new Problem('access-denied', 'The gateway did not say who signed the request.');
  }
  return {
    partition,
    accountId,
    userName,
    userArn: identity.userArn,
    userId: identity.user,
    accessKeyId: identity.accessKey,
    temporary: identity.accessKey.startsWith('ASIA'),
  };
}

const rolePattern = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/[\w+=,.@-]{1,64}\/([\w+=,.@-]{2,64})$/;

/**
 * The user or role session that signed the request, from `requestContext.identity` and nothing else.
 * Throws `access-denied` for anyone else, and for other accounts.
 */
export function principalOf(event: APIGatewayProxyEvent): Principal {
  const { identity, accountId } = event.requestContext;
  const arn = identity.userArn ?? '';
  const [, partition, account, name] = userArnPattern.exec(arn) ?? rolePattern.exec(arn) ?? [];
  if (!partition || !name || account !== accountId || identity.accountId !== accountId) {
    throw new Problem(
      'access-denied',
      'Only IAM users and role sessions of this account may do this. Sign the request with credentials of one.',
    );
  }
  if (!identity.accessKey) {
    throw new Problem('access-denied', 'The gateway did not say who signed the request.');
  }
  return { partition, accountId, arn, name, temporary: identity.accessKey.startsWith('ASIA') };
}
