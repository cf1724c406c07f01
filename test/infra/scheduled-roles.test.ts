import { describe, expect, it } from 'vitest';
import { decideAssumeRole, evaluate } from '../../infra/local/policy/evaluate.ts';
import type { Principal } from '../../infra/local/principal.ts';
import { loadOperations } from '../../infra/operations.ts';
import {
  deviceRoleArn,
  functionRole,
  functionRoleName,
  maintenanceRole,
  maintenanceRoleArn,
  scheduledFunctionRole,
} from '../../infra/roles.ts';
import { scheduledFunctions } from '../../infra/scheduled.ts';

const operations = await loadOperations();
const names = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
  stage: 'live',
  tableName: 'table',
};
const account = `arn:aws:iam::${names.accountId}`;
const name = 'delete-expired-devices';

function allowedBy(document: { policy: Parameters<typeof evaluate>[1][number] }) {
  return (action: string, resource: string) =>
    evaluate({ action, resource, principal: undefined, context: {} }, [document.policy]) === 'allow';
}

describe("a scheduled function's role", () => {
  it.each(scheduledFunctions)('of $name may assume the maintenance role and no other', (scheduled) => {
    const may = allowedBy(scheduledFunctionRole(scheduled, names));
    expect(may('sts:AssumeRole', maintenanceRoleArn(names))).toBe(true);
    expect(may('sts:SetSourceIdentity', maintenanceRoleArn(names))).toBe(true);
    expect(may('sts:AssumeRole', deviceRoleArn(names))).toBe(false);
    expect(may('sts:AssumeRole', `${account}:role/admin`)).toBe(false);
  });

  it.each(scheduledFunctions)('of $name may call nothing of IAM itself', (scheduled) => {
    const may = allowedBy(scheduledFunctionRole(scheduled, names));
    expect(may('iam:DeleteVirtualMFADevice', `${account}:mfa/self-service/alice/phone`)).toBe(false);
    expect(may('iam:ListVirtualMFADevices', '*')).toBe(false);
  });

  it.each(scheduledFunctions)('of $name may hold leases and write its log', (scheduled) => {
    const may = allowedBy(scheduledFunctionRole(scheduled, names));
    const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/table';
    const group = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/mfa-self-service-live-';
    expect(may('dynamodb:UpdateItem', table)).toBe(true);
    expect(may('dynamodb:Scan', table)).toBe(false);
    expect(may('logs:PutLogEvents', `${group}${scheduled.name}:log-stream:x`)).toBe(true);
    expect(may('logs:PutLogEvents', `${group}get-me:log-stream:x`)).toBe(false);
  });
});

describe('the maintenance role', () => {
  const role = maintenanceRole(names);
  const itsFunction = functionRoleName(names.stage, name);

  /** Whether a role's session may assume it, allowed everything by its own policies. */
  function assumedBy(roleArn: string, sourceIdentity?: string) {
    const principal: Principal = {
      type: 'assumed-role',
      accountId: names.accountId,
      arn: `arn:aws:sts::${names.accountId}:assumed-role/some/session`,
      roleArn,
      userId: 'AROASOME:session',
      accessKeyId: 'ASIASOME',
    };
    const context = {
      'aws:PrincipalArn': roleArn,
      ...(sourceIdentity && { 'sts:SourceIdentity': sourceIdentity }),
    };
    return decideAssumeRole(
      { action: 'sts:AssumeRole', resource: maintenanceRoleArn(names), principal, context },
      {
        identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
        trust: role.trustPolicy,
      },
    );
  }

  it('is assumed by its function under its own name', () => {
    expect(assumedBy(`${account}:role/mfa-self-service/live/${itsFunction}`, 'expired-enrolments')).toBe(
      'allow',
    );
  });

  it.each([
    ['under the name of a user', `/mfa-self-service/live/${itsFunction}`, 'alice'],
    ['under no name', `/mfa-self-service/live/${itsFunction}`, undefined],
    ['by a role of that name elsewhere', `/${itsFunction}`, 'expired-enrolments'],
    ['by the function of another stage', `/mfa-self-service/test/${itsFunction}`, 'expired-enrolments'],
    ['by a role whose name goes on', `/mfa-self-service/live/${itsFunction}-2`, 'expired-enrolments'],
  ])('is not assumed %s', (_, path, sourceIdentity) => {
    expect(assumedBy(`${account}:role${path}`, sourceIdentity)).toBe('implicit-deny');
  });

  it.each(operations)('is neither assumed by $name nor within its rights', (operation) => {
    const other = functionRole(operation, names);
    expect(assumedBy(`${account}:role${other.path}${other.name}`, 'expired-enrolments')).toBe(
      'implicit-deny',
    );
    expect(allowedBy(other)('sts:AssumeRole', maintenanceRoleArn(names))).toBe(false);
  });

  it.each([
    ['iam:ListVirtualMFADevices', '*', true],
    ['iam:ListMFADeviceTags', `${account}:mfa/self-service/alice/phone`, true],
    ['iam:DeleteVirtualMFADevice', `${account}:mfa/self-service/alice/phone`, true],
    ['iam:ListMFADeviceTags', `${account}:mfa/phone`, false],
    ['iam:DeleteVirtualMFADevice', `${account}:mfa/phone`, false],
    ['iam:DeleteVirtualMFADevice', `${account}:mfa/self-service-2/alice/phone`, false],
    ['iam:DeleteVirtualMFADevice', 'arn:aws:iam::210987654321:mfa/self-service/alice/phone', false],
    ['iam:DeactivateMFADevice', `${account}:user/alice`, false],
    ['iam:EnableMFADevice', `${account}:user/alice`, false],
    ['iam:TagMFADevice', `${account}:mfa/self-service/alice/phone`, false],
  ])('and %s on %s: %s', (action, resource, expected) => {
    expect(allowedBy(role)(action, resource)).toBe(expected);
  });
});
