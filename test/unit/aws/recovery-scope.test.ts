import { beforeEach, describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../../local-aws/policy/evaluate.ts';
import { deletionScope, revocationScope, userScope } from '../../../shared/aws/iam/recovery-scope.ts';
import type { CredentialScope } from '../../../shared/aws/iam/scoped-clients.ts';

const account = 'arn:aws:iam::123456789012';
const bob = { userName: 'bob', userArn: `${account}:user/bob` };

beforeEach(() => {
  vi.stubEnv('RECOVERY_ROLE_ARN', `${account}:role/recovery`);
  return () => vi.unstubAllEnvs();
});

const may = ({ policy }: CredentialScope, action: string, resource: string): boolean =>
  evaluate({ action, resource, principal: undefined, context: {} }, [JSON.parse(policy())]) === 'allow';

const changes = ['AttachUserPolicy', 'DeactivateMFADevice', 'DetachUserPolicy'];

describe('the credentials of an execution', () => {
  it.each(changes)('may %s of its user and of nobody else', (action) => {
    const scope = userScope(bob);
    expect(may(scope, `iam:${action}`, bob.userArn)).toBe(true);
    for (const other of ['alice', 'bobby', 'team/bob', 'b']) {
      expect(may(scope, `iam:${action}`, `${account}:user/${other}`)).toBe(false);
    }
  });

  it.each([
    ['iam:DeleteVirtualMFADevice', `${account}:mfa/self-service/bob/phone`, true],
    ['iam:ListMFADeviceTags', `${account}:mfa/self-service/bob/phone`, true],
    ['iam:DeleteVirtualMFADevice', `${account}:mfa/self-service/bobby/phone`, false],
    ['iam:DeleteVirtualMFADevice', `${account}:mfa/older`, false],
    ['iam:ListVirtualMFADevices', '*', true],
    ['iam:GetUser', `${account}:user/bob`, true],
    ['iam:GetUser', `${account}:user/team/bob`, true],
    ['iam:GetUser', `${account}:user/alice`, false],
    ['iam:PutUserPolicy', `${account}:user/bob`, false],
    ['iam:DeleteUserPolicy', `${account}:user/bob`, false],
    ['iam:EnableMFADevice', `${account}:user/bob`, false],
    ['iam:CreateVirtualMFADevice', `${account}:mfa/self-service/bob/phone`, false],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(may(userScope(bob), action, resource)).toBe(expected);
  });

  it('that write inline policies do nothing else, and to nobody else', () => {
    const scope = revocationScope(bob);
    expect(may(scope, 'iam:PutUserPolicy', bob.userArn)).toBe(true);
    expect(may(scope, 'iam:DeleteUserPolicy', bob.userArn)).toBe(true);
    expect(may(scope, 'iam:PutUserPolicy', `${account}:user/alice`)).toBe(false);
    expect(may(scope, 'iam:DeactivateMFADevice', bob.userArn)).toBe(false);
  });

  it('that delete a device elsewhere delete that one', () => {
    const scope = deletionScope(`${account}:mfa/older`);
    expect(may(scope, 'iam:DeleteVirtualMFADevice', `${account}:mfa/older`)).toBe(true);
    expect(may(scope, 'iam:DeleteVirtualMFADevice', `${account}:mfa/older2`)).toBe(false);
    expect(may(scope, 'iam:DeactivateMFADevice', bob.userArn)).toBe(false);
  });

  it('do not take wildcards in a path for wildcards', () => {
    const scope = userScope({ userName: 'bob', userArn: `${account}:user/*/bob` });
    expect(may(scope, 'iam:DeactivateMFADevice', `${account}:user/*/bob`)).toBe(true);
    expect(may(scope, 'iam:DeactivateMFADevice', `${account}:user/team/bob`)).toBe(false);
  });

  it('fit a session policy, however long names and paths are', () => {
    const longest = `${account}:user/${'p'.repeat(510)}/${'u'.repeat(64)}`;
    expect(userScope({ userName: 'u'.repeat(64), userArn: longest }).policy().length).toBeLessThanOrEqual(
      2048,
    );
    expect(deletionScope(`${account}:mfa/${'d'.repeat(220)}`).policy().length).toBeLessThanOrEqual(2048);
  });

  it('are of one user each', () => {
    const keys = [
      userScope(bob),
      revocationScope(bob),
      deletionScope(bob.userArn),
      userScope({ ...bob, userArn: 'x' }),
    ];
    expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
  });

  it('are not to be had without the role', async () => {
    vi.stubEnv('RECOVERY_ROLE_ARN', '');
    vi.resetModules();
    const fresh = await import('../../../shared/aws/iam/recovery-scope.ts');
    expect(() => fresh.userScope(bob)).toThrow('RECOVERY_ROLE_ARN');
  });
});
