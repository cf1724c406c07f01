import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import { expandResources } from '../../infra/policies/expand-resources.ts';
import type { PolicyDocument } from '../../infra/policies/policy-document.ts';
import { resourcePolicy } from '../../infra/policies/resource-policy.ts';
import { conditions } from '../../infra/template/conditions.ts';
import { parameters } from '../../infra/template/parameters.ts';
import { withSub } from '../../infra/template/placeholders.ts';
import { parameterValuesOf } from '../../infra/template/settings.ts';
import { conditionContext } from '../../local-aws/policy/context.ts';
import { decide } from '../../local-aws/policy/evaluate.ts';
import type { Principal, SessionContext } from '../../local-aws/principal.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { place } from '../support/packaged-template.ts';

export const operations = await loadOperations();
export const origins = { allowedOrigins: ['https://portal.example.com'] };
export const apiArn = 'arn:aws:execute-api:us-east-1:123456789012:api';
export const now = Date.parse('2026-11-24T12:00:00Z');
export const invokeAnything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' },
};
export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** What CloudFormation makes of the policy of some operations. */
export function policyOf(some: readonly Operation[], settings: object = {}): PolicyDocument {
  const Properties = Object(withSub({ Policy: resourcePolicy(some) }));
  const { resources } = resolveTemplate(
    {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: 'Just the API',
      Parameters: parameters,
      Conditions: conditions,
      Resources: { Api: { Type: 'AWS::ApiGateway::RestApi', Properties } },
      Outputs: {},
    },
    { parameters: parameterValuesOf('live', settings), place },
  );
  return Object(resources['Api']?.properties['Policy']);
}

export const byDefault = policyOf(operations);

export function user(session?: Partial<SessionContext>): Principal {
  return {
    type: 'user',
    accountId: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/alice',
    userName: 'alice',
    userId: 'AIDAALICE',
    accessKeyId: session ? 'ASIAALICE' : 'AKIAALICE',
    ...(session && { session: { issuedAt: now, expiresAt: now + 3_600_000, policies: [], ...session } }),
  };
}

export const userWithMfa = (secondsAgo: number) => user({ mfaAt: now - secondsAgo * 1000 });

export const role: Principal = {
  type: 'assumed-role',
  accountId: '123456789012',
  arn: 'arn:aws:sts::123456789012:assumed-role/agents/ann',
  roleArn: 'arn:aws:iam::123456789012:role/agents',
  userId: 'AROAAGENTS:ann',
  accessKeyId: 'ASIAROLE',
  session: { issuedAt: now, expiresAt: now + 3_600_000, policies: [] },
};

export const root: Principal = {
  type: 'root',
  accountId: '123456789012',
  arn: 'arn:aws:iam::123456789012:root',
  userId: '123456789012',
  accessKeyId: 'AKIAROOT',
};

export const federated: Principal = {
  type: 'federated-user',
  accountId: '123456789012',
  arn: 'arn:aws:sts::123456789012:federated-user/alice',
  federatedBy: 'AIDAALICE',
  userId: '123456789012:alice',
  accessKeyId: 'ASIAFEDERATED',
  session: { issuedAt: now, expiresAt: now + 3_600_000, policies: [] },
};

/** The decision on a caller who may invoke everything. */
export function decisionOn(
  principal: Principal | undefined,
  route: string,
  policy = byDefault,
  identity: readonly PolicyDocument[] = [invokeAnything],
  stage = 'live',
) {
  return decide(
    {
      action: 'execute-api:Invoke',
      resource: `${apiArn}/${stage}/${route}`,
      principal,
      context: conditionContext(principal, { now }),
    },
    { identity: principal ? identity : [], resource: expandResources(policy, apiArn) },
  );
}

/** A route as a policy names it, with `phone` for each parameter. */
export const routeOf = ({ method, path }: { readonly method: string; readonly path: string }) =>
  `${method}${path.replaceAll(/\{\w+\}/g, 'phone')}`;
export const gated = operations.filter(({ gate }) => gate === 'second-factor');
export const open = operations.filter(({ gate }) => gate === 'identity');
export const anonymous = operations.filter(({ gate }) => gate === 'anonymous');
