import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../../local-aws/policy/evaluate.ts';
import { parsePolicy } from '../../../local-aws/policy/validate.ts';
import { sessionPolicy } from '../../../shared/aws/iam/session-policy.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import type { Operation } from '../../../shared/contract/operation.ts';
import { createMfaDevice } from '../../../shared/contract/operations/create-mfa-device.ts';
import { enableFirstMfaDevice } from '../../../shared/contract/operations/enable-first-mfa-device.ts';
import { enableMfaDevice } from '../../../shared/contract/operations/enable-mfa-device.ts';
import { listMfaDevices } from '../../../shared/contract/operations/list-mfa-devices.ts';

const account = 'arn:aws:iam::123456789012';
const variable = ['$', '{aws:username}'].join('');
const alice = {
  partition: 'aws',
  accountId: '123456789012',
  userName: 'alice',
  userArn: `${account}:user/alice`,
  userId: 'AIDAALICE00000000001',
  accessKeyId: 'ASIAEXAMPLE000000001',
  temporary: true,
};

const allows = (policy: string, action: string, resource: string) =>
  evaluate({ action, resource, principal: undefined, context: {} }, [parsePolicy(policy)]) === 'allow';

describe('the session policy', () => {
  it.each([
    [enableMfaDevice, 'iam:EnableMFADevice', `${account}:user/alice`, true],
    [enableMfaDevice, 'iam:EnableMFADevice', `${account}:user/bob`, false],
    [enableMfaDevice, 'iam:EnableMFADevice', `${account}:user/team/alice`, false],
    [enableFirstMfaDevice, 'iam:DeactivateMFADevice', `${account}:user/alice`, false],
    [createMfaDevice, 'iam:CreateVirtualMFADevice', `${account}:mfa/self-service/alice/phone`, true],
    [createMfaDevice, 'iam:CreateVirtualMFADevice', `${account}:mfa/self-service/bob/phone`, false],
    [createMfaDevice, 'iam:CreateVirtualMFADevice', `${account}:mfa/self-service/alice2/phone`, false],
    [createMfaDevice, 'iam:DeleteVirtualMFADevice', `${account}:mfa/phone`, false],
    [listMfaDevices, 'iam:ListVirtualMFADevices', '*', true],
    [listMfaDevices, 'iam:ListMFADevices', `${account}:user/bob`, false],
    [listMfaDevices, 'iam:ListUsers', '*', false],
  ])('of $name: %s on %s', (operation: Operation, action, resource, expected) => {
    expect(allows(sessionPolicy(operation, alice), action, resource)).toBe(expected);
  });

  it('is for one device alone where the request addresses one', () => {
    const policy = sessionPolicy(createMfaDevice, alice, [`${account}:mfa/self-service/alice/phone`]);

    expect(allows(policy, 'iam:DeleteVirtualMFADevice', `${account}:mfa/self-service/alice/phone`)).toBe(
      true,
    );
    expect(allows(policy, 'iam:DeleteVirtualMFADevice', `${account}:mfa/self-service/alice/tablet`)).toBe(
      false,
    );
  });

  it.each([
    ['*', `${account}:user/ab/alice`],
    ['?', `${account}:user/a/alice`],
    [variable, `${account}:user/bob/alice`],
  ])('takes a path with %s literally', (path, other) => {
    const odd = { ...alice, userArn: `${account}:user/${path}/alice` };
    const policy = sessionPolicy(enableMfaDevice, odd);

    const decide = (resource: string) =>
      evaluate(
        { action: 'iam:EnableMFADevice', resource, principal: undefined, context: { 'aws:username': 'bob' } },
        [parsePolicy(policy)],
      );

    expect(decide(odd.userArn)).toBe('allow');
    expect(decide(other)).toBe('implicit-deny');
  });
});

describe('the session policy for a hardware token', () => {
  it('names no device, since its serial number is no ARN', () => {
    const { Statement } = JSON.parse(sessionPolicy(enableMfaDevice, alice, ['GAHT00000001'])) as {
      Statement: { Resource: string[] }[];
    };

    expect(Statement.flatMap(({ Resource }) => Resource)).toEqual([`${account}:user/alice`]);
  });
});

describe('every session policy', () => {
  let operations: readonly Operation[];
  beforeAll(async () => {
    operations = await loadOperations();
  });

  it('fits into 2048 characters, for the longest of users and devices', () => {
    const userName = 'u'.repeat(64);
    const user = { ...alice, userName, userArn: `${account}:user/${'p'.repeat(510)}/${userName}` };
    const device = `${account}:mfa/${'p'.repeat(256 - account.length - 5)}`;

    const lengths = operations.map(
      (operation) =>
        sessionPolicy(operation, user, operation.name === 'enable-mfa-device' ? [device, device] : [device])
          .length,
    );

    expect(Math.max(...lengths)).toBeLessThanOrEqual(2048);
  });

  it('allows what the contract names and nothing else', () => {
    for (const operation of operations) {
      const { Statement } = JSON.parse(sessionPolicy(operation, alice)) as {
        Statement: { Action: string[] }[];
      };
      const actions = Statement.flatMap(({ Action }) => Action);
      expect(actions.sort()).toEqual(operation.actions.slice().sort());
    }
  });
});
