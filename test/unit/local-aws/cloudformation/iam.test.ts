import { describe, expect, it } from 'vitest';
import { Account } from '../../../../local-aws/aws/account.ts';
import { LocalClock } from '../../../../local-aws/clock.ts';
import { deployIam, managedPoliciesOf, rolesOf, trusts } from '../../../../local-aws/cloudformation/iam.ts';
import type { PolicyDocument } from '../../../../local-aws/principal.ts';
import { allow, lambdaTrust, resolved, role } from './resources.ts';

const managed = (changes: object = {}) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { ManagedPolicyName: 'Sellers', PolicyDocument: allow('s3:GetObject'), ...changes },
});

describe('a role of the template', () => {
  it('has its path, trust, policies and longest session', () => {
    const Policies = [
      { PolicyName: 'one', PolicyDocument: allow('s3:GetObject') },
      { PolicyName: 'two', PolicyDocument: allow('s3:PutObject') },
    ];
    expect(rolesOf(resolved({ Role: role({ Path: '/shop/', Policies, MaxSessionDuration: 7200 }) }))).toEqual(
      [
        {
          name: 'seller',
          arn: 'arn:aws:iam::123456789012:role/shop/seller',
          path: '/shop/',
          trustPolicy: lambdaTrust,
          policies: [allow('s3:GetObject'), allow('s3:PutObject')],
          maxSessionDuration: 7200,
        },
      ],
    );
    expect(rolesOf(resolved({ Role: role() }))).toMatchObject([
      { path: '/', policies: [], maxSessionDuration: 3600 },
    ]);
  });

  it.each<[string, object, string]>([
    ['a boundary', { PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }, 'PermissionsBoundary'],
    ['managed policies', { ManagedPolicyArns: [] }, 'ManagedPolicyArns'],
    ['an unknown property', { Policys: [] }, 'Policys'],
    ['no trust', { AssumeRolePolicyDocument: undefined }, 'AssumeRolePolicyDocument'],
    ['a trust of nobody', { AssumeRolePolicyDocument: allow('sts:AssumeRole') }, 'AssumeRolePolicyDocument'],
    [
      'a policy that IAM refuses',
      { Policies: [{ PolicyName: 'a', PolicyDocument: allow('everything') }] },
      'Policies[0].PolicyDocument: Actions/Conditions must be prefaced by a vendor',
    ],
  ])('is refused with %s', (_name, changes, message) => {
    const read = () => rolesOf(resolved({ Role: role(changes) }));
    expect(read).toThrow('Role (AWS::IAM::Role): ');
    expect(read).toThrow(message);
  });
});

describe('a managed policy of the template', () => {
  it('has its path and document', () => {
    expect(managedPoliciesOf(resolved({ Policy: managed({ Path: '/shop/', Description: 'd' }) }))).toEqual([
      { name: 'Sellers', path: '/shop/', document: allow('s3:GetObject') },
    ]);
  });

  it('is refused with an unknown property', () => {
    expect(() => managedPoliciesOf(resolved({ Policy: managed({ Users: [] }) }))).toThrow('Users');
  });
});

it('the account gets what the template has, and nothing else', () => {
  const account = new Account({ clock: new LocalClock() });
  deployIam(account, resolved({ Role: role(), Policy: managed() }));
  expect([...account.roles.keys()]).toEqual(['seller']);
  expect([...account.managedPolicies.keys()]).toEqual(['arn:aws:iam::123456789012:policy/Sellers']);
});

describe('a trust policy', () => {
  const statement = lambdaTrust.Statement[0];
  it.each<[string, object, boolean]>([
    ['names the service', {}, true],
    ['names it among others', { Principal: { Service: ['a.amazonaws.com', 'lambda.amazonaws.com'] } }, true],
    ['names another service', { Principal: { Service: 'events.amazonaws.com' } }, false],
    ['names everybody but services', { Principal: '*' }, false],
    ['names accounts', { Principal: { AWS: '*' } }, false],
    ['allows something else', { Action: 'sts:SetSourceIdentity' }, false],
    ['allows more', { Action: ['sts:SetSourceIdentity', 'sts:AssumeRole'] }, true],
    [
      'allows it under a condition that fails',
      { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
      false,
    ],
  ])('that %s trusts it: %j', (_name, changes, expected) => {
    const document = { Statement: [{ ...statement, ...changes }] } as PolicyDocument;
    expect(trusts(document, 'lambda.amazonaws.com')).toBe(expected);
  });

  it('that also denies it does not trust it', () => {
    const document = { Statement: [statement, { ...statement, Effect: 'Deny' }] } as PolicyDocument;
    expect(trusts(document, 'lambda.amazonaws.com')).toBe(false);
  });
});
