import { parsePolicy } from '../../policy/validate.ts';
import { AwsError, noSuchEntity } from '../aws-error.ts';
import { type Operation, onUser, operation, type Permission } from '../operation.ts';
import { pageOf } from '../pages.ts';
import {
  arn,
  paging,
  pathPrefix,
  policyDocument,
  policyName,
  required,
  text,
  userName,
} from '../parameters.ts';
import type { User } from '../users.ts';

const inlineCharactersPerUser = 2048;
const attachedPoliciesPerUser = 10;

const putUserPolicy = operation({
  service: 'iam',
  name: 'PutUserPolicy',
  parameters: {
    UserName: required(userName),
    PolicyName: required(policyName),
    PolicyDocument: required(policyDocument),
  },
  permissions: ({ UserName }, call) => onUser('iam:PutUserPolicy', UserName, call),
  run({ UserName, PolicyName, PolicyDocument }, { account }) {
    const user = account.users.get(UserName);
    checkedPolicy(PolicyDocument);
    const others = user.inlinePolicies.filter(({ name }) => name !== PolicyName);
    const policies = [...others, { name: PolicyName, document: PolicyDocument }];
    // AWS does not count white space.
    const size = policies.reduce((sum, { document }) => sum + document.replace(/\s/g, '').length, 0);
    if (size > inlineCharactersPerUser) throw policyTooLarge(user);
    user.inlinePolicies = policies.sort((one, other) => (one.name < other.name ? -1 : 1));
    account.policiesChanged();
    return undefined;
  },
});

/** Throws MalformedPolicyDocument. */
export function checkedPolicy(document: string): ReturnType<typeof parsePolicy> {
  try {
    return parsePolicy(document);
  } catch (error) {
    throw new AwsError(
      'MalformedPolicyDocument',
      error instanceof Error ? error.message : 'Syntax errors in policy.',
    );
  }
}

function policyTooLarge({ userName: name }: User): AwsError {
  return new AwsError(
    'LimitExceeded',
    `Maximum policy size of ${inlineCharactersPerUser} bytes exceeded for user ${name}`,
  );
}

const getUserPolicy = operation({
  service: 'iam',
  name: 'GetUserPolicy',
  parameters: { UserName: required(userName), PolicyName: required(policyName) },
  permissions: ({ UserName }, call) => onUser('iam:GetUserPolicy', UserName, call),
  run({ UserName, PolicyName }, { account }) {
    const user = account.users.get(UserName);
    const policy = user.inlinePolicies.find(({ name }) => name === PolicyName);
    if (policy === undefined) throw policyNotFound(PolicyName);
    const document = encodeURIComponent(policy.document);
    return { UserName: user.userName, PolicyName, PolicyDocument: document };
  },
});

const deleteUserPolicy = operation({
  service: 'iam',
  name: 'DeleteUserPolicy',
  parameters: { UserName: required(userName), PolicyName: required(policyName) },
  permissions: ({ UserName }, call) => onUser('iam:DeleteUserPolicy', UserName, call),
  run({ UserName, PolicyName }, { account }) {
    const user = account.users.get(UserName);
    const remaining = user.inlinePolicies.filter(({ name }) => name !== PolicyName);
    if (remaining.length === user.inlinePolicies.length) throw policyNotFound(PolicyName);
    user.inlinePolicies = remaining;
    account.policiesChanged();
    return undefined;
  },
});

function policyNotFound(name: string): AwsError {
  return noSuchEntity(`The user policy with name ${name} cannot be found.`);
}

const listUserPolicies = operation({
  service: 'iam',
  name: 'ListUserPolicies',
  parameters: { UserName: required(userName), ...paging },
  permissions: ({ UserName }, call) => onUser('iam:ListUserPolicies', UserName, call),
  run({ UserName, ...page }, { account }) {
    const names = account.users.get(UserName).inlinePolicies.map(({ name }) => name);
    const { items, paging } = pageOf('ListUserPolicies', names, (name) => name, page);
    return { PolicyNames: items, ...paging };
  },
});

const attachUserPolicy = operation({
  service: 'iam',
  name: 'AttachUserPolicy',
  parameters: { UserName: required(userName), PolicyArn: required(arn) },
  permissions: ({ UserName, PolicyArn }, call) =>
    withPolicyArn(onUser('iam:AttachUserPolicy', UserName, call), PolicyArn),
  run({ UserName, PolicyArn }, { account }) {
    const user = account.users.get(UserName);
    const policy = account.managedPolicy(PolicyArn);
    const attached = new Set([...user.attachedPolicies, policy.arn]);
    if (attached.size > attachedPoliciesPerUser) {
      throw new AwsError(
        'LimitExceeded',
        `Cannot exceed quota for PoliciesPerUser: ${attachedPoliciesPerUser}`,
      );
    }
    user.attachedPolicies = [...attached].sort();
    account.policiesChanged();
    return undefined;
  },
});

const detachUserPolicy = operation({
  service: 'iam',
  name: 'DetachUserPolicy',
  parameters: { UserName: required(userName), PolicyArn: required(arn) },
  permissions: ({ UserName, PolicyArn }, call) =>
    withPolicyArn(onUser('iam:DetachUserPolicy', UserName, call), PolicyArn),
  run({ UserName, PolicyArn }, { account }) {
    const user = account.users.get(UserName);
    if (!user.attachedPolicies.includes(PolicyArn)) throw noSuchEntity(`Policy ${PolicyArn} was not found.`);
    user.attachedPolicies = user.attachedPolicies.filter((attached) => attached !== PolicyArn);
    account.policiesChanged();
    return undefined;
  },
});

const listAttachedUserPolicies = operation({
  service: 'iam',
  name: 'ListAttachedUserPolicies',
  parameters: { UserName: required(userName), PathPrefix: pathPrefix, ...paging },
  permissions: ({ UserName }, call) => onUser('iam:ListAttachedUserPolicies', UserName, call),
  run({ UserName, PathPrefix = '/', ...page }, { account }) {
    const policies = account.users
      .get(UserName)
      .attachedPolicies.map((attached) => account.managedPolicy(attached))
      .filter((policy) => policy.path.startsWith(PathPrefix));
    const { items, paging } = pageOf('ListAttachedUserPolicies', policies, (policy) => policy.arn, page);
    return {
      AttachedPolicies: items.map((policy) => ({ PolicyName: policy.name, PolicyArn: policy.arn })),
      ...paging,
    };
  },
});

/** Only users can have managed policies here, and no one has a permissions boundary. */
const listEntitiesForPolicy = operation({
  service: 'iam',
  name: 'ListEntitiesForPolicy',
  parameters: {
    PolicyArn: required(arn),
    EntityFilter: text({ values: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] }),
    PathPrefix: pathPrefix,
    PolicyUsageFilter: text({ values: ['PermissionsPolicy', 'PermissionsBoundary'] }),
    ...paging,
  },
  permissions: ({ PolicyArn }) => [{ action: 'iam:ListEntitiesForPolicy', resource: PolicyArn }],
  run({ PolicyArn, EntityFilter = 'User', PathPrefix = '/', PolicyUsageFilter, ...page }, { account }) {
    const policy = account.managedPolicy(PolicyArn);
    const isWanted = EntityFilter === 'User' && PolicyUsageFilter !== 'PermissionsBoundary';
    const users = account.users
      .list()
      .filter(
        ({ attachedPolicies, path }) => attachedPolicies.includes(policy.arn) && path.startsWith(PathPrefix),
      );
    const { items, paging } = pageOf(
      'ListEntitiesForPolicy',
      isWanted ? users : [],
      (user) => user.userName.toLowerCase(),
      page,
    );
    return {
      PolicyGroups: [],
      PolicyUsers: items.map((user) => ({ UserName: user.userName, UserId: user.userId })),
      PolicyRoles: [],
      ...paging,
    };
  },
});

function withPolicyArn(permissions: readonly Permission[], policyArn: string): readonly Permission[] {
  return permissions.map((permission) => ({
    ...permission,
    context: { ...permission.context, 'iam:PolicyARN': policyArn },
  }));
}

export const policyOperations: readonly Operation[] = [
  putUserPolicy,
  getUserPolicy,
  deleteUserPolicy,
  listUserPolicies,
  attachUserPolicy,
  detachUserPolicy,
  listAttachedUserPolicies,
  listEntitiesForPolicy,
];
