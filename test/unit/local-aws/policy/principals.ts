import type { ConditionContext } from '../../../../local-aws/policy/context.ts';
import type { AccessRequest } from '../../../../local-aws/policy/evaluate.ts';
import type { Principal, Statement } from '../../../../local-aws/principal.ts';

export const accountId = '123456789012';

export const alice: Principal = {
  type: 'user',
  accountId,
  arn: `arn:aws:iam::${accountId}:user/alice`,
  userName: 'alice',
  userId: 'AIDATESTALICE0000001',
  accessKeyId: 'AKIATESTALICE0000001',
};

export const agent: Principal = {
  type: 'assumed-role',
  accountId,
  arn: `arn:aws:sts::${accountId}:assumed-role/mfa-agent/ann`,
  roleArn: `arn:aws:iam::${accountId}:role/desk/mfa-agent`,
  userId: 'AROATESTAGENT0000001:ann',
  accessKeyId: 'ASIATESTAGENT0000001',
  session: { issuedAt: 0, expiresAt: 3_600_000, policies: [] },
};

export const rootUser: Principal = {
  type: 'root',
  accountId,
  arn: `arn:aws:iam::${accountId}:root`,
  userId: accountId,
  accessKeyId: 'AKIATESTROOT00000001',
};

export function accessRequest(over: Partial<AccessRequest> = {}): AccessRequest {
  return {
    action: 'iam:ListMFADevices',
    resource: alice.arn,
    principal: alice,
    context: { 'aws:username': 'alice' },
    ...over,
  };
}

/** A policy of one statement, Allow on everything unless said otherwise. */
export function policy(over: Partial<Statement> = {}, Version = '2012-10-17') {
  const { NotAction, NotResource } = over;
  return {
    Version,
    Statement: {
      Effect: 'Allow',
      ...(NotAction === undefined && { Action: '*' }),
      ...(NotResource === undefined && { Resource: '*' }),
      ...over,
    },
  } as const;
}

/** Whether a condition block holds for a request with these keys. */
export function conditionRequest(context: ConditionContext): AccessRequest {
  return accessRequest({ context });
}
