import { productTags } from '../../shared/devices/tags.ts';
import type { PolicyDocument } from '../principal.ts';
import type { Account } from './account.ts';
import type { User } from './users.ts';

/** Policies for the seeded users and roles. A role without one may do nothing. */
export interface SeedPolicies {
  /** For alice, bob, carol and dora. */
  readonly selfServicePolicyArn?: string;
  readonly recoveryAgent?: PolicyDocument;
  readonly recoveryApprover?: PolicyDocument;
  readonly auditor?: PolicyDocument;
}

const day = 24 * 3600 * 1000;

/** Users with the tag that holds their email address, to which notices are sent. */
const withMail: ReadonlySet<string> = new Set(['alice', 'bob', 'carol']);

/** Seeds of the devices that show codes: bob's phone, and an unassigned hardware token. */
export const seededSeeds = {
  phone: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  hardware: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
} as const;

export const hardwareSerialNumber = 'GAHT00000001';

/** Who may assume which role; the session name must be their user name. */
const roles = [
  { name: 'mfa-agent', members: ['ann', 'abe'], policy: 'recoveryAgent' },
  { name: 'mfa-approver', members: ['pat', 'pia'], policy: 'recoveryApprover' },
  { name: 'mfa-auditor', members: ['kim'], policy: 'auditor' },
] as const;

/** Fills a new account with the users, devices and roles of the local AWS, which `reset` restores. */
export function seedAccount(account: Account, policies: SeedPolicies = {}): void {
  const admin = addUser(account, 'admin');
  admin.inlinePolicies = [inline('allow-everything', '*', '*')];
  const bob = addSelfServiceUsers(account, policies.selfServicePolicyArn);
  addRolesAndMembers(account, policies);
  addDevices(account, bob);
  account.policiesChanged();
  account.markBaseline();
}

/** The id of a seeded user's only access key; the secret is `local-<name>-secret`. */
export function seededAccessKeyId(userName: string): string {
  return `${`AKIALOCAL${userName.toUpperCase()}`.padEnd(18, '0')}01`;
}

function addUser(account: Account, userName: string, path = '/'): User {
  const created = account.now() - 100 * day;
  const tags = withMail.has(userName) ? [{ Key: 'email', Value: `${userName}@example.com` }] : [];
  const user = account.users.create({ userName, path, tags, now: created });
  const key = { accessKeyId: seededAccessKeyId(userName), secretAccessKey: `local-${userName}-secret` };
  account.users.addAccessKey(user, created, key);
  return user;
}

function addSelfServiceUsers(account: Account, policyArn: string | undefined): { bob: User; dora: User } {
  const alice = addUser(account, 'alice');
  const bob = addUser(account, 'bob');
  const carol = addUser(account, 'carol', '/team/');
  const dora = addUser(account, 'dora');
  for (const user of [alice, bob, carol, dora]) {
    user.attachedPolicies = policyArn === undefined ? [] : [policyArn];
  }
  return { bob, dora };
}

function addRolesAndMembers(account: Account, policies: SeedPolicies): void {
  for (const { name, members, policy } of roles) {
    const users = members.map((member) => addUser(account, member));
    const permission = policies[policy];
    const role = account.putRole({
      name,
      path: '/',
      trustPolicy: trustOwnName(users),
      policies: permission === undefined ? [] : [permission],
    });
    for (const user of users) user.inlinePolicies = [inline(`assume-${name}`, 'sts:AssumeRole', role.arn)];
  }
}

function trustOwnName(users: readonly User[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: users.map(({ arn }) => arn) },
        Action: 'sts:AssumeRole',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a policy variable
        Condition: { StringEquals: { 'sts:RoleSessionName': '${aws:username}' } },
      },
    ],
  };
}

function addDevices(account: Account, { bob, dora }: { readonly bob: User; readonly dora: User }): void {
  const arn = `arn:aws:iam::${account.accountId}`;
  const enabledAt = account.now() - 30 * day;
  const tags = [{ Key: productTags.owner, Value: bob.userId }];
  const serial = `${arn}:mfa/self-service/bob/phone`;
  const phone = account.devices.createVirtual(serial, tags, seededSeeds.phone);
  account.devices.establish(phone, bob, enabledAt);
  account.devices.addHardware(hardwareSerialNumber, seededSeeds.hardware);
  account.devices.addFido(`${arn}:u2f/user/dora/key-LOCALDORA0001`, dora, enabledAt);
}

function inline(name: string, action: string, resource: string) {
  const statement = { Effect: 'Allow', Action: action, Resource: resource };
  return { name, document: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) };
}
