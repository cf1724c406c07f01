import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staffPolicies } from '../../infra/policies/managed-policies.ts';
import { functionName, functionRoleName } from '../../infra/template/resource-names.ts';
import { assumedRole, functionOf, managedPolicy, type Target } from '../../infra/verify/targets.ts';
import type { Role } from '../../local-aws/aws/account.ts';
import { deployment } from '../../local-aws/deployment.ts';
import type { PolicyDocument } from '../../local-aws/principal.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { type PolicyMutant, permissionsIn, withoutAttributes, withoutParts } from '../support/mutants.ts';
import { MutationRuns, origins } from '../support/mutation-run.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { unseenOfAssumedRoles, unseenOfFunctions, unseenOfSelfService } from '../support/verify-unseen.ts';

const operations = await loadOperations();

let stack: TestStack;
let runs: MutationRuns;
beforeAll(async () => {
  stack = await startTestStack({ parameters: { AllowedOrigins: origins.join() } });
  runs = new MutationRuns(stack);
});
afterAll(() => stack.close());

const roleNamed = (name: string): Role => {
  const role = stack.account.roles.get(name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
};

/** What the run makes of a role with something else; the role is as it was afterwards. */
async function withRole<T>(role: Role, changes: Partial<Role>, run: () => Promise<T>): Promise<T> {
  stack.account.putRole({ ...role, ...changes });
  // A report from before would do without the permission to make one.
  stack.account.credentialReport = undefined;
  try {
    return await run();
  } finally {
    stack.account.putRole(role);
  }
}

/** Of the parts that can be taken out of a policy, those whose absence verification does not name. */
async function unseenParts(
  parts: readonly PolicyMutant[],
  isNamed: (mutated: PolicyDocument) => Promise<boolean>,
): Promise<readonly string[]> {
  const unseen: string[] = [];
  for (const { what, policy } of parts) if (!(await isNamed(policy))) unseen.push(what);
  return unseen;
}

const unseenOf = (
  role: Role,
  partsOf: (policy: PolicyDocument) => readonly PolicyMutant[],
  target: Target,
  cold?: string,
): Promise<readonly string[]> =>
  unseenParts(role.policies.flatMap(partsOf), (mutated) =>
    withRole(role, { policies: [mutated] }, async () => {
      if (cold !== undefined) await stack.lambda.kill(functionName(deployment.stage, cold));
      return runs.name(target, { smoke: true });
    }),
  );

describe('of the managed policies, verification names', () => {
  it('each part of SelfService', async () => {
    const [arn = ''] = stack.account.users.get('bob').attachedPolicies;
    const { name, path, document } = stack.account.managedPolicy(arn);
    const isNamed = async (mutated: PolicyDocument) => {
      stack.account.putManagedPolicy({ name, path, document: mutated });
      try {
        return await runs.name(managedPolicy('self-service'), { own: 'self-service' });
      } finally {
        stack.account.putManagedPolicy({ name, path, document });
      }
    };
    expect(await isNamed(document)).toBe(false);
    const unseen = await unseenParts(withoutParts(document), isNamed);
    expect(unseen.map((what) => what.replace(/.*\/local\//, ''))).toEqual(Object.keys(unseenOfSelfService));
  });

  it.each([
    ['recovery-agent', 'mfa-agent'],
    ['recovery-approver', 'mfa-approver'],
    ['auditor', 'mfa-auditor'],
  ] as const)('each part of that of a %s', async (audience, roleName) => {
    const role = roleNamed(roleName);
    const isNamed = (mutated: PolicyDocument) =>
      withRole(role, { policies: [mutated] }, () => runs.name(managedPolicy(audience)));
    const [document] = role.policies;
    if (document === undefined) throw new Error(`no policy ${staffPolicies[audience]}`);
    expect(await isNamed(document)).toBe(false);
    expect(await unseenParts(withoutParts(document), isNamed)).toEqual([]);
    const wide = JSON.parse(JSON.stringify(document).replaceAll(/local\/\w+\//g, 'local/*/v1/*'));
    expect(await isNamed(wide)).toBe(true);
  });
});

describe('of the roles of functions, verification names', () => {
  it.each(operations)('each permission of $name', async ({ name }) => {
    // One that runs already has read its secrets.
    const cold = name === 'receive-ticket' ? name : undefined;
    const role = roleNamed(functionRoleName(deployment.stage, name));
    const known = Object.keys(unseenOfFunctions[name] ?? {});
    const permissions = await unseenOf(role, permissionsIn, functionOf(name), cold);
    const whole = new Set(permissions.map((what) => what.replace(/:.*/, '')));
    const attributesOf = (policy: PolicyDocument) =>
      withoutAttributes(policy).filter(({ what }) => !whole.has(what.replace(/:.*/, '')));
    const attributes = await unseenOf(role, attributesOf, functionOf(name));
    expect([...whole, ...attributes]).toEqual(known);
  });

  it('no permission of those that no route reaches, and none for logs and traces', async () => {
    const nothing = { Version: '2012-10-17', Statement: [] };
    const roles = backgroundFunctions.map(({ name }) => roleNamed(functionRoleName(deployment.stage, name)));
    const written = [
      ...roles,
      ...['recovery', 'maintenance'].map((work) => roleNamed(`mfa-self-service-local-${work}`)),
    ];
    for (const role of written) stack.account.putRole({ ...role, policies: [nothing] });
    const logging = operations.map(({ name }) => roleNamed(functionRoleName(deployment.stage, name)));
    for (const role of logging) stack.account.putRole({ ...role, policies: role.policies.map(withoutLogs) });
    expect(await runs.smokeFaults()).toEqual([]);
    for (const role of [...written, ...logging]) stack.account.putRole(role);
  });
});

const withoutLogs = (policy: PolicyDocument): PolicyDocument => ({
  ...policy,
  Statement: [policy.Statement].flat().filter(({ Sid }) => Sid !== 'WriteLogs' && Sid !== 'Trace'),
});

describe('of the roles that functions assume, verification names', () => {
  it.each(['device', 'device-read', 'audit'] as const)('each permission of %s', async (work) => {
    const role = roleNamed(`mfa-self-service-local-${work}`);
    const unseen = await unseenOf(role, permissionsIn, assumedRole(work));
    const known = Object.keys(unseenOfAssumedRoles[work] ?? {});
    expect(unseen.map((what) => /(iam:\w+)(: removed)?$/.exec(what)?.[1])).toEqual(known);
  });

  it.each(['device', 'device-read', 'audit'] as const)(
    'whom %s trusts, if it is not the functions',
    async (work) => {
      const role = roleNamed(`mfa-self-service-local-${work}`);
      const unseen = await unseenParts(withoutParts(role.trustPolicy), (trustPolicy) =>
        withRole(role, { trustPolicy }, () => runs.name(assumedRole(work), { smoke: true })),
      );
      expect(unseen).toEqual([]);
    },
  );
});
