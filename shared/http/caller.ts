import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Caller } from '../caller.ts';
import { Problem } from '../contract/problem.ts';

const userArnPattern = /^arn:(aws[a-z-]*):iam::(\d{12}):user\/(?:[\x21-\x7e]*\/)?([\w+=,.@-]{1,64})$/;

/**
 * The IAM user that signed the request, from `requestContext.identity` and nothing else.
 * Throws `access-denied` for anybody but an IAM user of the API's own account.
 */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  const { identity, accountId } = event.requestContext;
  const [, partition, account, userName] = userArnPattern.exec(identity.userArn ?? '') ?? [];
  if (!partition || !account || !userName || account !== accountId || identity.accountId !== accountId) {
    throw new Problem(
      'access-denied',
      'Only IAM users of this account have MFA devices to manage here. Sign the request with credentials of such a user, not of a role, the root user or another account.',
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
