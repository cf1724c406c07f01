import { describe, expect, it } from 'vitest';
import { assumedRoles } from '../../../infra/policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../../../infra/policies/function-roles.ts';
import {
  enrolmentHoldPolicy,
  selfServicePolicy,
  staffPolicy,
} from '../../../infra/policies/managed-policies.ts';
import type { Role } from '../../../infra/policies/policy-document.ts';
import { functionId } from '../../../infra/template/logical-ids.ts';
import { roleLogicalId } from '../../../infra/template/role-resources.ts';
import { type AssumedRole, backgroundFunctions } from '../../../shared/contract/background-functions.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { place, propertiesOf, resolvedOf } from '../../support/packaged-template.ts';

const operations = await loadOperations();
const stage = 'live';
const works: readonly AssumedRole[] = ['device', 'device-read', 'audit', 'maintenance', 'recovery'];
const resolved = resolvedOf(stage);

/** What the generators are told in place of references. */
const namesIn = ({ resources }: typeof resolved, noticeSender: string) => ({
  ...place,
  apiId: resources['ApiGatewayRestApi']?.ref ?? '',
  tableName: resources['Table']?.ref ?? '',
  stage,
  noticeSender,
});
const names = namesIn(resolved, '');

function expectRole(logicalId: string, role: Role, template = resolved) {
  const { type, properties } = template.resources[logicalId] ?? {};
  expect(type).toBe('AWS::IAM::Role');
  expect(properties).toEqual({
    Path: role.path,
    RoleName: role.name,
    AssumeRolePolicyDocument: role.trustPolicy,
    Policies: [{ PolicyName: role.policyName, PolicyDocument: role.policy }],
    MaxSessionDuration: role.maxSessionDuration,
  });
}

const roleOf = (name: string) => resolved.resources[functionId(name)]?.properties['Role'];

describe('the roles', () => {
  it.each(operations)('give $name the role derived from its contract', (operation) => {
    const id = roleLogicalId(operation);
    expect(roleOf(operation.name)).toBe(resolved.resources[id]?.attributes['Arn']);
    expectRole(id, functionRole(operation, names));
  });

  it.each(backgroundFunctions)('give $name its own role', (background) => {
    const id = roleLogicalId(background);
    const template = resolvedOf(stage, { noticeSender: 'mfa@example.com' });
    expect(roleOf(background.name)).toBe(resolved.resources[id]?.attributes['Arn']);
    expectRole(id, backgroundRole(background, namesIn(template, 'mfa@example.com')), template);
  });

  it.each(works)('give the functions a %s role to assume', (work) => {
    expectRole(roleLogicalId({ name: work }), assumedRoles(operations, names)[work]);
  });

  it('are no more than that', () => {
    const owners = [...operations, ...backgroundFunctions, ...works.map((name) => ({ name }))];
    expect([...propertiesOf(resolved, 'AWS::IAM::Role').keys()].sort()).toEqual(
      owners.map(roleLogicalId).sort(),
    );
    expect(propertiesOf(resolved, 'AWS::IAM::Policy').size).toBe(0);
  });

  it.each(['mfa@example.com', 'Help desk <mfa@example.com>'])(
    'allow mail from the address alone if the sender is %s',
    (noticeSender) => {
      const roles = propertiesOf(resolvedOf(stage, { noticeSender }), 'AWS::IAM::Role');
      const [{ PolicyDocument }] = Object(roles.get('NotifySubjectRole')?.['Policies']);
      const senders = PolicyDocument.Statement.filter(({ Sid }: { Sid: string }) => Sid === 'SendMail');
      expect(senders).toMatchObject([
        { Condition: { StringEquals: { 'ses:FromAddress': 'mfa@example.com' } } },
      ]);
    },
  );

  it('allow nobody to send mail without a sender', () => {
    expect(JSON.stringify([...propertiesOf(resolved, 'AWS::IAM::Role').values()])).not.toContain('ses:');
  });
});

describe('the managed policies', () => {
  it.each([
    ['SelfService', selfServicePolicy(operations, names)],
    ['RecoveryAgent', staffPolicy('recovery-agent', operations, names)],
    ['RecoveryApprover', staffPolicy('recovery-approver', operations, names)],
    ['Auditor', staffPolicy('auditor', operations, names)],
    ['EnrolmentHold', enrolmentHoldPolicy],
  ])('include %s, whose ARN is an output', (name, policy) => {
    const { ref, properties } = resolved.resources[`${name}Policy`] ?? {};
    expect(properties?.['PolicyDocument']).toEqual(policy);
    expect(properties?.['ManagedPolicyName']).toBe(`mfa-self-service-live-${name}`);
    expect(resolved.outputs[`${name}PolicyArn`]).toBe(ref);
  });

  it('are no more than that, and none is attached: the hold is by recoveries', () => {
    const policies = [...propertiesOf(resolved, 'AWS::IAM::ManagedPolicy').values()];
    expect(policies).toHaveLength(5);
    for (const { Users, Groups, Roles } of policies) {
      expect([Users, Groups, Roles]).toEqual([undefined, undefined, undefined]);
    }
  });
});
