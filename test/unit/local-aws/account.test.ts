import { describe, expect, it } from 'vitest';
import { Account } from '../../../local-aws/aws/account.ts';
import { seedAccount, seededAccessKeyId } from '../../../local-aws/aws/seed.ts';
import { LocalClock } from '../../../local-aws/clock.ts';
import type { PolicyDocument } from '../../../local-aws/principal.ts';

const everything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

function seeded() {
  const clock = new LocalClock();
  const account = new Account({ clock });
  const selfServicePolicyArn = account.putManagedPolicy({ name: 'Self', path: '/', document: everything });
  seedAccount(account, { selfServicePolicyArn, auditor: everything });
  return { account, clock };
}

function putFunctionRole(account: Account) {
  const trustPolicy = { Statement: [] };
  return account.putRole({ name: 'function', path: '/mfa/', trustPolicy, policies: [everything] });
}

function functionSession(account: Account) {
  putFunctionRole(account);
  return account.assumeRoleForService('function', 'get-me', { durationSeconds: 900 });
}

describe('seedAccount', () => {
  it.each([
    ['alice', 'AKIALOCALALICE000001'],
    ['bob', 'AKIALOCALBOB00000001'],
    ['admin', 'AKIALOCALADMIN000001'],
  ])('gives %s the key %s', (userName, accessKeyId) => {
    const { account } = seeded();

    const resolved = account.resolve(accessKeyId, undefined);

    expect(seededAccessKeyId(userName)).toBe(accessKeyId);
    expect(resolved).toMatchObject({
      secretAccessKey: `local-${userName}-secret`,
      principal: { type: 'user', userName, arn: `arn:aws:iam::123456789012:user/${userName}` },
    });
  });

  it('gives roles the policies that it was given', () => {
    const { account } = seeded();

    expect(account.roles.get('mfa-auditor')?.policies).toEqual([everything]);
    expect(account.roles.get('mfa-agent')?.policies).toEqual([]);
  });
});

describe('assumeRoleForService', () => {
  it('gives credentials of the role under the session name, which end in time', () => {
    const { account, clock } = seeded();
    const { accessKeyId, sessionToken, secretAccessKey, expiration } = functionSession(account);

    const resolved = account.resolve(accessKeyId, sessionToken);
    clock.advance(900);

    expect(resolved).toMatchObject({
      secretAccessKey,
      principal: {
        type: 'assumed-role',
        arn: 'arn:aws:sts::123456789012:assumed-role/function/get-me',
        roleArn: 'arn:aws:iam::123456789012:role/mfa/function',
        session: { expiresAt: expiration.getTime(), policies: [] },
      },
    });
    expect(account.resolve(accessKeyId, sessionToken)).toEqual({ error: 'ExpiredToken' });
  });

  it('refuses an unknown role', () => {
    const { account } = seeded();

    expect(() => account.assumeRoleForService('missing', 'x', { durationSeconds: 900 })).toThrow(
      'The role with name missing cannot be found.',
    );
  });

  it('ends with the role, even when another of the same name follows', () => {
    const { account } = seeded();
    const { accessKeyId, sessionToken } = functionSession(account);
    account.roles.delete('function');
    const without = account.resolve(accessKeyId, sessionToken);
    putFunctionRole(account);

    expect(without).toEqual({ error: 'InvalidClientTokenId' });
    expect(account.resolve(accessKeyId, sessionToken)).toEqual({ error: 'InvalidClientTokenId' });
  });

  it('follows the present policies of the role', () => {
    const { account } = seeded();
    const { accessKeyId, sessionToken } = functionSession(account);
    account.putRole({ name: 'function', path: '/mfa/', trustPolicy: { Statement: [] }, policies: [] });
    const resolved = account.resolve(accessKeyId, sessionToken);

    expect('principal' in resolved && account.identityPoliciesOf(resolved.principal)).toEqual([]);
  });
});

describe('reset', () => {
  it('brings back the seeded users and devices, and keeps roles and their sessions', () => {
    const { account } = seeded();
    const { accessKeyId, sessionToken } = functionSession(account);
    const bob = account.users.get('bob');
    account.devices.deactivate(bob, 'arn:aws:iam::123456789012:mfa/self-service/bob/phone', account.now());
    account.devices.createVirtual('arn:aws:iam::123456789012:mfa/other', []);
    account.users.create({ userName: 'erin', path: '/', tags: [], now: account.now() });
    bob.attachedPolicies = [];

    account.reset();

    expect(account.users.find('erin')).toBeUndefined();
    expect(account.users.get('bob')).toMatchObject({ userId: bob.userId, attachedPolicies: { length: 1 } });
    expect(account.devices.ofUser(account.users.get('bob'))).toHaveLength(1);
    expect(account.devices.find('arn:aws:iam::123456789012:mfa/other')).toBeUndefined();
    expect(account.resolve(accessKeyId, sessionToken)).toHaveProperty('principal');
  });

  it('can be done twice', () => {
    const { account } = seeded();
    account.reset();
    account.users.get('alice').attachedPolicies = [];

    account.reset();

    expect(account.users.get('alice').attachedPolicies).toHaveLength(1);
  });

  it('ends the sessions of users', () => {
    const { account } = seeded();
    const { accessKeyId, sessionToken } = account.issueToUser(account.users.get('bob'), {
      durationSeconds: 900,
    });

    account.reset();

    expect(account.resolve(accessKeyId, sessionToken)).toEqual({ error: 'InvalidClientTokenId' });
  });
});

describe('snapshot', () => {
  it('carries everything over a restart, as JSON', () => {
    const { account } = seeded();
    const role = functionSession(account);
    const user = account.issueToUser(account.users.get('bob'), {
      durationSeconds: 900,
      mfaAt: account.now(),
    });
    account.devices.createVirtual('arn:aws:iam::123456789012:mfa/new', [{ Key: 'a', Value: 'b' }]);
    const { account: restarted } = seeded();
    putFunctionRole(restarted);

    restarted.restore(JSON.parse(JSON.stringify(account.snapshot())));

    expect(restarted.snapshot()).toEqual(account.snapshot());
    expect(restarted.devices.find('arn:aws:iam::123456789012:mfa/new')?.tags).toEqual([
      { Key: 'a', Value: 'b' },
    ]);
    for (const { accessKeyId, sessionToken } of [role, user]) {
      expect(restarted.resolve(accessKeyId, sessionToken)).toEqual(
        account.resolve(accessKeyId, sessionToken),
      );
    }
  });

  it('keeps sessions of a role that is registered again', () => {
    const { account } = seeded();
    const { accessKeyId, sessionToken } = functionSession(account);
    const { account: restarted } = seeded();
    putFunctionRole(restarted);

    restarted.restore(account.snapshot());

    expect(restarted.resolve(accessKeyId, sessionToken)).toHaveProperty('principal');
  });

  it('does not bring back roles that are no longer registered', () => {
    const { account } = seeded();
    const { accessKeyId, sessionToken } = functionSession(account);
    const { account: restarted } = seeded();

    restarted.restore(account.snapshot());

    expect(restarted.roles.has('function')).toBe(false);
    expect(restarted.resolve(accessKeyId, sessionToken)).toEqual({ error: 'InvalidClientTokenId' });
  });

  it('does not bring back old documents of what is registered', () => {
    const { account } = seeded();
    const roleId = putFunctionRole(account).roleId;
    const { account: restarted } = seeded();
    restarted.putRole({ name: 'function', path: '/mfa/', trustPolicy: { Statement: [] }, policies: [] });

    restarted.restore(account.snapshot());

    expect(restarted.roles.get('function')).toMatchObject({ roleId, policies: [] });
  });

  it('is not changed by what happens afterwards', () => {
    const { account } = seeded();
    const snapshot = account.snapshot();
    const text = JSON.stringify(snapshot);

    account.users.get('alice').tags = [{ Key: 'x', Value: 'y' }];
    account.devices.createVirtual('arn:aws:iam::123456789012:mfa/new', []);

    expect(JSON.stringify(snapshot)).toBe(text);
  });
});

describe('another account’s token', () => {
  it('is unknown here', () => {
    const { account } = seeded();
    const { account: other } = seeded();
    const { accessKeyId, sessionToken } = functionSession(other);
    putFunctionRole(account);

    expect(account.resolve(accessKeyId, sessionToken)).toEqual({ error: 'InvalidClientTokenId' });
  });
});
