import { describe, expect, it } from 'vitest';
import { decideAssumeRole, evaluate } from '../../infra/local/policy/evaluate.ts';
import type { Principal } from '../../infra/local/principal.ts';
import { selfServicePolicy } from '../../infra/managed-policies.ts';
import { loadOperations } from '../../infra/operations.ts';
import { deviceRole, deviceRoleArn, functionRole } from '../../infra/roles.ts';
import type { Operation } from '../../shared/contract/operation.ts';

const operations = await loadOperations();
const names = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
  apiId: 'api',
  stage: 'live',
  tableName: 'table',
};
const account = `arn:aws:iam::${names.accountId}`;

function allowedBy(document: { policy: Parameters<typeof evaluate>[1][number] }) {
  return (action: string, resource: string) =>
    evaluate({ action, resource, principal: undefined, context: {} }, [document.policy]) === 'allow';
}

describe("a function's role", () => {
  it.each(operations)('of $name may assume the device role and no other', (operation) => {
    const may = allowedBy(functionRole(operation, names));
    const callsIam = operation.actions.length > 0;
    expect(may('sts:AssumeRole', deviceRoleArn(names))).toBe(callsIam);
    expect(may('sts:SetSourceIdentity', deviceRoleArn(names))).toBe(callsIam);
    expect(may('sts:AssumeRole', `${account}:role/admin`)).toBe(false);
  });

  it.each(operations)('of $name may call nothing of IAM itself', (operation) => {
    const may = allowedBy(functionRole(operation, names));
    for (const action of operation.actions) expect(may(action, '*')).toBe(false);
  });

  it.each(operations)('of $name may change the table only for the lease', (operation) => {
    const may = allowedBy(functionRole(operation, names));
    const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/table';
    expect(may('dynamodb:UpdateItem', table)).toBe(operation.lease);
    expect(may('dynamodb:UpdateItem', `${table}-of-another`)).toBe(false);
    expect(may('dynamodb:Scan', table)).toBe(false);
  });

  it.each(operations)('of $name may write its own log and no other', (operation) => {
    const may = allowedBy(functionRole(operation, names));
    const group = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/mfa-self-service-live-';
    expect(may('logs:PutLogEvents', `${group}${operation.name}:log-stream:x`)).toBe(true);
    expect(may('logs:PutLogEvents', `${group}another:log-stream:x`)).toBe(false);
    expect(may('logs:CreateLogGroup', `${group}${operation.name}`)).toBe(false);
  });

  it.each(operations)('of $name has a name that IAM takes', (operation) => {
    const { name, path } = functionRole(operation, { ...names, stage: 'production-eu1' });
    expect(name.length).toBeLessThanOrEqual(64);
    expect(path).toMatch(/^\/.*\/$/);
  });

  it('of an operation that calls no IAM may not assume the device role', () => {
    const [operation] = operations.map((any): Operation => ({ ...any, actions: [] }));
    const may = operation && allowedBy(functionRole(operation, names));
    expect(may?.('sts:AssumeRole', deviceRoleArn(names))).toBe(false);
  });
});

describe('the device role', () => {
  const role = deviceRole(operations, names);

  /** Whether a role's session may assume it, allowed everything by its own policies. */
  function assumedBy(rolePath: string, sourceIdentity?: string, partition = 'aws') {
    const principal: Principal = {
      type: 'assumed-role',
      accountId: names.accountId,
      arn: `arn:aws:sts::${names.accountId}:assumed-role/some/session`,
      roleArn: `${account}:role${rolePath}some`,
      userId: 'AROASOME:session',
      accessKeyId: 'ASIASOME',
    };
    const context = {
      'aws:PrincipalArn': `arn:${partition}:iam::${names.accountId}:role${rolePath}some`,
      ...(sourceIdentity && { 'sts:SourceIdentity': sourceIdentity }),
    };
    return decideAssumeRole(
      { action: 'sts:AssumeRole', resource: deviceRoleArn(names), principal, context },
      {
        identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
        trust: role.trustPolicy,
      },
    );
  }

  it("is assumed by the stage's functions in the name of a caller", () => {
    expect(assumedBy('/mfa-self-service/live/', 'alice')).toBe('allow');
  });

  it.each([
    ['without the name of a caller', '/mfa-self-service/live/', undefined],
    ['by functions of another stage', '/mfa-self-service/test/', 'alice'],
    ['by a stage whose name begins alike', '/mfa-self-service/live2/', 'alice'],
    ['by roles outside the reserved path', '/', 'alice'],
    ['by roles whose path ends alike', '/x/mfa-self-service/live/', 'alice'],
  ])('is not assumed %s', (_, path, sourceIdentity) => {
    expect(assumedBy(path, sourceIdentity)).toBe('implicit-deny');
  });

  it('may do exactly what the contracts name', () => {
    const granted = [role.policy.Statement].flat().flatMap(({ Action }) => Action);
    const named = operations.flatMap(({ actions }) => actions).filter((action) => action.startsWith('iam:'));
    expect(granted.sort()).toEqual([...new Set(named)].sort());
  });

  it.each([
    ['iam:CreateVirtualMFADevice', 'mfa/self-service/alice/phone', true],
    ['iam:CreateVirtualMFADevice', 'mfa/phone', false],
    ['iam:DeleteVirtualMFADevice', 'mfa/phone', true],
    ['iam:TagMFADevice', 'mfa/phone', true],
    ['iam:ListMFADeviceTags', 'mfa/phone', true],
    ['iam:EnableMFADevice', 'user/team/carol', true],
    ['iam:EnableMFADevice', 'mfa/phone', false],
  ])('and %s on %s: %s', (action, resource, expected) => {
    expect(allowedBy(role)(action, `${account}:${resource}`)).toBe(expected);
  });

  it('has a trust policy within the limit of IAM', () => {
    expect(JSON.stringify(role.trustPolicy).length).toBeLessThan(2048);
  });
});

describe('the self-service policy', () => {
  const may = allowedBy({ policy: selfServicePolicy(operations, names) });
  const api = 'arn:aws:execute-api:us-east-1:123456789012:api/live';

  it.each(operations.filter(({ gate }) => gate !== 'anonymous'))('lets users invoke $name', (operation) => {
    expect(may('execute-api:Invoke', `${api}/${operation.method}${operation.path}`)).toBe(true);
  });

  it.each([
    ['the routes of others', `${api}/POST/v1/recoveries`],
    ['another stage', 'arn:aws:execute-api:us-east-1:123456789012:api/test/GET/v1/me'],
    ['another API', 'arn:aws:execute-api:us-east-1:123456789012:other/live/GET/v1/me'],
  ])('does not reach %s', (_, resource) => {
    expect(may('execute-api:Invoke', resource)).toBe(false);
  });
});
