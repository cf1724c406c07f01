import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import type { Account, ManagedPolicy, NewRole } from '../aws/account.ts';
import { conditionsHold } from '../policy/conditions.ts';
import { noVariables } from '../policy/pattern.ts';
import type { PolicyDocument } from '../principal.ts';
import { attributeOf, identifying, ignored, integer, policy, resourcesOf } from './properties.ts';

/** A boundary is not among the properties: the local account does not limit roles by one. */
const roleProperties = z.strictObject({
  RoleName: identifying,
  Path: z.string().default('/'),
  AssumeRolePolicyDocument: policy('trust'),
  Policies: z
    .array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policy('identity') }))
    .default([]),
  MaxSessionDuration: integer.default(3600),
});

const managedPolicyProperties = z.strictObject({
  ManagedPolicyName: z.string(),
  Path: z.string().default('/'),
  PolicyDocument: policy('identity'),
  Description: ignored('for people'),
});

export interface DeployedRole extends NewRole {
  readonly arn: string;
}

export const rolesOf = (resolved: ResolvedTemplate): readonly DeployedRole[] =>
  resourcesOf(resolved, 'AWS::IAM::Role', roleProperties).map((role) => ({
    name: role.ref,
    arn: attributeOf(role, 'Arn'),
    path: role.properties.Path,
    trustPolicy: role.properties.AssumeRolePolicyDocument,
    policies: role.properties.Policies.map(({ PolicyDocument }) => PolicyDocument),
    maxSessionDuration: role.properties.MaxSessionDuration,
  }));

export const managedPoliciesOf = (
  resolved: ResolvedTemplate,
): readonly Pick<ManagedPolicy, 'name' | 'path' | 'document'>[] =>
  resourcesOf(resolved, 'AWS::IAM::ManagedPolicy', managedPolicyProperties).map(
    ({ properties: { ManagedPolicyName, Path, PolicyDocument } }) => ({
      name: ManagedPolicyName,
      path: Path,
      document: PolicyDocument,
    }),
  );

/** Creates the template's roles and managed policies in the account. */
export function deployIam(account: Account, resolved: ResolvedTemplate): void {
  for (const role of rolesOf(resolved)) account.putRole(role);
  for (const managed of managedPoliciesOf(resolved)) account.putManagedPolicy(managed);
}

/** Whether a trust policy lets a service, such as `lambda.amazonaws.com`, assume the role. */
export function trusts({ Statement }: PolicyDocument, service: string): boolean {
  const effects = [Statement]
    .flat()
    .filter(({ Principal, Action, Condition }) => {
      const services = typeof Principal === 'object' ? [Principal['Service'] ?? []].flat() : [];
      const actions = [Action ?? []].flat().map((action) => action.toLowerCase());
      const named = services.includes(service) && actions.some((action) => assuming.has(action));
      return named && conditionsHold(Condition, noVariables);
    })
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

const assuming: ReadonlySet<string> = new Set(['sts:assumerole', 'sts:*', '*']);
