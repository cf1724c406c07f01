import { describe, expect, it } from 'vitest';
import { assumedRoleOf, assumedRoles } from '../../infra/policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../../infra/policies/function-roles.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { account, actionsOf, allowedBy, assumedBy, names } from './judge.ts';

const operations = await loadOperations();
const assumed = assumedRoles(operations, names);
const { device, audit, maintenance, recovery } = assumed;
const reader = assumed['device-read'];
const ofFunctions = [
  ...operations.map((operation) => functionRole(operation, names)),
  ...backgroundFunctions.map((background) => backgroundRole(background, names)),
].map((role) => ({ name: role.name.slice('live-'.length), arn: `${account}:role${role.path}${role.name}` }));
const hold = `${account}:policy/mfa-self-service-live-EnrolmentHold`;
const allRoles = Object.entries(assumed).map(([work, role]) => ({ work, role }));

/** The actions that the contracts of the operations name which assume this role. */
const named = (work: string): readonly string[] => [
  ...new Set(
    operations
      .filter((operation) => assumedRoleOf(operation) === work)
      .flatMap(({ actions }): readonly string[] => actions),
  ),
];

describe.each(allRoles)('the $work role', ({ role }) => {
  it('has a trust policy within IAM’s limit', () => {
    expect(JSON.stringify(role.trustPolicy).length).toBeLessThan(2048);
  });

  it('names every action, with no wildcard for future ones', () => {
    for (const action of actionsOf(role)) expect(action).toMatch(/^iam:[A-Za-z]+$/);
  });

  it.each([
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:UpdateLoginProfile',
    'iam:AddUserToGroup',
    'iam:AttachRolePolicy',
    'iam:PutRolePolicy',
    'iam:CreateUser',
    'iam:PassRole',
  ])('may never %s', (action) => {
    expect(allowedBy(role)(action, '*')).toBe(false);
    expect(allowedBy(role)(action, `${account}:user/alice`)).toBe(false);
  });

  it.each([
    'AdministratorAccess',
    'mfa-self-service-live-SelfService',
    'mfa-self-service-test-EnrolmentHold',
  ])('cannot attach or detach a policy such as %s', (policy) => {
    const may = allowedBy(role);
    for (const arn of [`${account}:policy/${policy}`, `arn:aws:iam::aws:policy/${policy}`]) {
      expect(may('iam:AttachUserPolicy', `${account}:user/alice`, { 'iam:PolicyARN': arn })).toBe(false);
      expect(may('iam:DetachUserPolicy', `${account}:user/alice`, { 'iam:PolicyARN': arn })).toBe(false);
    }
    expect(may('iam:AttachUserPolicy', `${account}:user/alice`)).toBe(false);
    expect(may('iam:DetachUserPolicy', `${account}:user/alice`)).toBe(false);
  });
});

describe.each([
  { work: 'device', role: device },
  { work: 'device-read', role: reader },
  { work: 'audit', role: audit },
])('the $work role', ({ role }) => {
  it("can be assumed by the stage's functions on behalf of a caller", () => {
    expect(assumedBy(role, `${account}:role/mfa-self-service/live/some`, 'alice')).toBe('allow');
  });

  it.each([
    ['without the name of a caller', '/mfa-self-service/live/', undefined],
    ['by functions of another stage', '/mfa-self-service/test/', 'alice'],
    ['by a stage whose name begins alike', '/mfa-self-service/live2/', 'alice'],
    ['by roles outside the reserved path', '/', 'alice'],
    ['by roles whose path ends alike', '/x/mfa-self-service/live/', 'alice'],
  ])('cannot be assumed %s', (_, path, sourceIdentity) => {
    expect(assumedBy(role, `${account}:role${path}some`, sourceIdentity)).toBe('implicit-deny');
  });
});

describe('the device role', () => {
  it('may do exactly what the contracts of operations that change devices name', () => {
    expect([...actionsOf(device)].sort()).toEqual([...named('device')].sort());
  });

  it.each([
    ['iam:CreateVirtualMFADevice', 'mfa/self-service/alice/phone', true],
    ['iam:CreateVirtualMFADevice', 'mfa/phone', false],
    ['iam:DeleteVirtualMFADevice', 'mfa/phone', true],
    ['iam:TagMFADevice', 'mfa/phone', true],
    ['iam:ListMFADeviceTags', 'mfa/phone', true],
    ['iam:EnableMFADevice', 'user/team/carol', true],
    ['iam:EnableMFADevice', 'mfa/phone', false],
    ['iam:PutUserPolicy', 'user/alice', false],
    ['iam:GetCredentialReport', '*', false],
  ])('decides on %s on %s: %s', (action, resource, expected) => {
    expect(allowedBy(device)(action, resource === '*' ? '*' : `${account}:${resource}`)).toBe(expected);
  });

  it('never attaches the hold', () => {
    const context = { 'iam:PolicyARN': hold };
    expect(allowedBy(device)('iam:AttachUserPolicy', `${account}:user/alice`, context)).toBe(false);
  });
});

describe('the role that reads users’ own devices', () => {
  it('may do exactly what the contracts of operations that only read name', () => {
    expect([...actionsOf(reader)].sort()).toEqual([...named('device-read')].sort());
  });

  it('cannot change anything', () => {
    for (const action of actionsOf(reader)) expect(action).toMatch(/^iam:(Get|List)/);
    for (const action of actionsOf(device).filter((any) => !/^iam:(Get|List)/.test(any))) {
      for (const resource of ['user/alice', 'mfa/self-service/alice/phone']) {
        const context = { 'iam:PolicyARN': hold };
        expect(allowedBy(reader)(action, `${account}:${resource}`, context)).toBe(false);
      }
    }
  });
});

describe('the audit role', () => {
  it('may do what the other contracts name, including all that a notice needs', () => {
    expect([...actionsOf(audit)].sort()).toEqual([...named('audit')].sort());
    expect(actionsOf(audit)).toContain('iam:GetUser');
  });

  it('cannot change anything', () => {
    for (const action of actionsOf(audit))
      expect(action).toMatch(/^iam:(Get|List)|^iam:GenerateCredentialReport$/);
    const context = { 'iam:PolicyARN': hold };
    expect(allowedBy(audit)('iam:DetachUserPolicy', `${account}:user/alice`, context)).toBe(false);
    expect(allowedBy(audit)('iam:AttachUserPolicy', `${account}:user/alice`, context)).toBe(false);
  });
});

const single = [
  {
    work: 'maintenance',
    role: maintenance,
    itsFunction: 'delete-expired-devices',
    identity: 'expired-enrolments',
  },
  { work: 'recovery', role: recovery, itsFunction: 'execute-recoveries', identity: 'mfa-recovery' },
];

describe.each(single)('the $work role', ({ role, itsFunction, identity }) => {
  it('can be assumed by its function under its own name', () => {
    expect(assumedBy(role, `${account}:role/mfa-self-service/live/live-${itsFunction}`, identity)).toBe(
      'allow',
    );
  });

  it.each([
    ['under the name of a user', `/mfa-self-service/live/live-${itsFunction}`, 'alice'],
    ['under no name', `/mfa-self-service/live/live-${itsFunction}`, undefined],
    ['by a role of that name elsewhere', `/live-${itsFunction}`, identity],
    ['by the function of another stage', `/mfa-self-service/test/live-${itsFunction}`, identity],
    ['by a role whose name goes on', `/mfa-self-service/live/live-${itsFunction}-2`, identity],
    ['by an administrator', '/admin', identity],
  ])('cannot be assumed %s', (_, path, sourceIdentity) => {
    expect(assumedBy(role, `${account}:role${path}`, sourceIdentity)).toBe('implicit-deny');
  });

  it.each(ofFunctions.filter(({ name }) => name !== itsFunction))('cannot be assumed by $name', ({ arn }) => {
    expect(assumedBy(role, arn, identity)).toBe('implicit-deny');
  });
});

describe('the maintenance role', () => {
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
  ])('decides on %s on %s: %s', (action, resource, expected) => {
    expect(allowedBy(maintenance)(action, resource)).toBe(expected);
  });

  const [expiry, owner] = ['mfa-self-service:expires-at', 'mfa-self-service:owner'];
  it.each([
    ['the expiry', 'mfa/self-service/alice/phone', [expiry], true],
    ['the owner', 'mfa/self-service/alice/phone', [owner], false],
    ['both', 'mfa/self-service/alice/phone', [expiry, owner], false],
    ['no tag', 'mfa/self-service/alice/phone', [], false],
    ['the expiry of a device from elsewhere', 'mfa/phone', [expiry], false],
  ])('decides on taking off %s: %s %j %s', (_, device, keys, expected) => {
    const context = keys.length > 0 ? { 'aws:TagKeys': keys } : {};
    expect(allowedBy(maintenance)('iam:UntagMFADevice', `${account}:${device}`, context)).toBe(expected);
  });
});

describe('the recovery role', () => {
  it.each([
    ['iam:GetUser', `${account}:user/team/carol`, true],
    ['iam:DeactivateMFADevice', `${account}:user/alice`, true],
    ['iam:DeleteVirtualMFADevice', `${account}:mfa/phone`, true],
    ['iam:EnableMFADevice', `${account}:user/alice`, false],
    ['iam:CreateVirtualMFADevice', `${account}:mfa/self-service/alice/phone`, false],
    ['iam:ResyncMFADevice', `${account}:user/alice`, false],
    ['iam:DeleteUser', `${account}:user/alice`, false],
    ['iam:PutUserPolicy', 'arn:aws:iam::210987654321:user/alice', false],
  ])('decides on %s on %s: %s', (action, resource, expected) => {
    expect(allowedBy(recovery)(action, resource)).toBe(expected);
  });

  it('may list whom the hold is attached to, and of no other policy', () => {
    const may = allowedBy(recovery);
    expect(may('iam:ListEntitiesForPolicy', hold)).toBe(true);
    expect(may('iam:ListEntitiesForPolicy', `${hold}2`)).toBe(false);
    expect(may('iam:ListEntitiesForPolicy', 'arn:aws:iam::aws:policy/AdministratorAccess')).toBe(false);
  });

  it.each(['iam:AttachUserPolicy', 'iam:DetachUserPolicy'])('may %s the hold, for users only', (action) => {
    const may = allowedBy(recovery);
    const context = { 'iam:PolicyARN': hold };
    expect(may(action, `${account}:user/alice`, context)).toBe(true);
    expect(may(action, `${account}:role/admin`, context)).toBe(false);
    expect(may(action, `${account}:user/alice`, { 'iam:PolicyARN': `${hold}2` })).toBe(false);
  });

  it.each(allRoles.filter(({ work }) => work !== 'recovery'))(
    'alone attaches policies; the $work role cannot',
    ({ role }) => {
      expect(actionsOf(role)).not.toContain('iam:AttachUserPolicy');
      expect(actionsOf(role)).not.toContain('iam:PutUserPolicy');
    },
  );
});
