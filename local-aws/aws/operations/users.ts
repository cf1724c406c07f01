import { AwsError } from '../aws-error.ts';
import { type Operation, onUser, operation, userNameOr } from '../operation.ts';
import { pageOf } from '../pages.ts';
import {
  list,
  newUserName,
  paging,
  path,
  pathPrefix,
  required,
  requiredList,
  tag,
  tagKey,
  text,
  userName,
} from '../parameters.ts';
import { requestTagContext, withoutTags, withTags } from '../tags.ts';
import type { User } from '../users.ts';
import type { XmlObject } from '../xml.ts';

/** A user as shown in lists. */
export function userSummary({ path: userPath, userName: name, userId, arn, createdAt }: User): XmlObject {
  return { Path: userPath, UserName: name, UserId: userId, Arn: arn, CreateDate: new Date(createdAt) };
}

function userDetails(user: User): XmlObject {
  const tags = user.tags.map(({ Key, Value }) => ({ Key, Value }));
  return { ...userSummary(user), ...(tags.length > 0 && { Tags: tags }) };
}

const createUser = operation({
  service: 'iam',
  name: 'CreateUser',
  parameters: { Path: path, UserName: required(newUserName), Tags: list(tag) },
  permissions({ Path = '/', UserName, Tags = [] }, { account }) {
    const create = {
      action: 'iam:CreateUser',
      resource: account.users.arnOf(Path, UserName),
      context: requestTagContext(Tags),
    };
    return Tags.length === 0 ? [create] : [create, { ...create, action: 'iam:TagUser' }];
  },
  run({ Path = '/', UserName, Tags = [] }, { account, now }) {
    const user = account.users.create({ userName: UserName, path: Path, tags: withTags([], Tags), now });
    return { User: userDetails(user) };
  },
});

const getUser = operation({
  service: 'iam',
  name: 'GetUser',
  parameters: { UserName: userName },
  permissions: ({ UserName }, call) => onUser('iam:GetUser', userNameOr(UserName, call), call),
  run: ({ UserName }, call) => ({ User: userDetails(call.account.users.get(userNameOr(UserName, call))) }),
});

const listUsers = operation({
  service: 'iam',
  name: 'ListUsers',
  parameters: { PathPrefix: pathPrefix, ...paging },
  permissions: ({ PathPrefix = '/' }, { account }) => [
    { action: 'iam:ListUsers', resource: account.users.arnOf(PathPrefix, '') },
  ],
  run({ PathPrefix = '/', ...page }, { account }) {
    const users = account.users.list().filter((user) => user.path.startsWith(PathPrefix));
    const { items, paging } = pageOf('ListUsers', users, ({ userName: name }) => name.toLowerCase(), page);
    return { Users: items.map(userSummary), ...paging };
  },
});

const deleteUser = operation({
  service: 'iam',
  name: 'DeleteUser',
  parameters: { UserName: required(userName) },
  permissions: ({ UserName }, call) => onUser('iam:DeleteUser', UserName, call),
  run({ UserName }, { account }) {
    const user = account.users.get(UserName);
    if (account.devices.ofUser(user).length > 0) throw mustRemoveFirst('tokens from principal');
    if (user.accessKeys.length > 0) throw mustRemoveFirst('access keys');
    if (user.inlinePolicies.length > 0) throw mustRemoveFirst('policies');
    if (user.attachedPolicies.length > 0) {
      throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
    }
    account.users.delete(user);
    account.policiesChanged();
    return undefined;
  },
});

function mustRemoveFirst(what: string): AwsError {
  return new AwsError('DeleteConflict', `Cannot delete entity, must remove ${what} first.`);
}

const tagUser = operation({
  service: 'iam',
  name: 'TagUser',
  parameters: { UserName: required(userName), Tags: requiredList(tag) },
  permissions: ({ UserName, Tags }, call) =>
    onUser('iam:TagUser', UserName, call).map((permission) => ({
      ...permission,
      context: { ...permission.context, ...requestTagContext(Tags) },
    })),
  run({ UserName, Tags }, { account }) {
    const user = account.users.get(UserName);
    user.tags = withTags(user.tags, Tags);
    return undefined;
  },
});

const untagUser = operation({
  service: 'iam',
  name: 'UntagUser',
  parameters: { UserName: required(userName), TagKeys: requiredList(required(tagKey)) },
  permissions: ({ UserName, TagKeys }, call) =>
    onUser('iam:UntagUser', UserName, call).map((permission) => ({
      ...permission,
      context: { ...permission.context, 'aws:TagKeys': TagKeys },
    })),
  run({ UserName, TagKeys }, { account }) {
    const user = account.users.get(UserName);
    user.tags = withoutTags(user.tags, TagKeys);
    return undefined;
  },
});

const listUserTags = operation({
  service: 'iam',
  name: 'ListUserTags',
  parameters: { UserName: required(userName), ...paging },
  permissions: ({ UserName }, call) => onUser('iam:ListUserTags', UserName, call),
  run({ UserName, ...page }, { account }) {
    const { tags } = account.users.get(UserName);
    const { items, paging } = pageOf('ListUserTags', tags, ({ Key }) => Key, page);
    return { Tags: items.map(({ Key, Value }) => ({ Key, Value })), ...paging };
  },
});

const createAccessKey = operation({
  service: 'iam',
  name: 'CreateAccessKey',
  parameters: { UserName: userName },
  permissions: ({ UserName }, call) => onUser('iam:CreateAccessKey', userNameOr(UserName, call), call),
  run({ UserName }, call) {
    const user = call.account.users.get(userNameOr(UserName, call));
    const key = call.account.users.addAccessKey(user, call.now);
    return {
      AccessKey: {
        UserName: user.userName,
        AccessKeyId: key.accessKeyId,
        Status: 'Active',
        SecretAccessKey: key.secretAccessKey,
        CreateDate: new Date(key.createdAt),
      },
    };
  },
});

const listAccessKeys = operation({
  service: 'iam',
  name: 'ListAccessKeys',
  parameters: { UserName: userName, ...paging },
  permissions: ({ UserName }, call) => onUser('iam:ListAccessKeys', userNameOr(UserName, call), call),
  run({ UserName }, call) {
    const user = call.account.users.get(userNameOr(UserName, call));
    return {
      AccessKeyMetadata: user.accessKeys.map(({ accessKeyId, createdAt }) => ({
        UserName: user.userName,
        AccessKeyId: accessKeyId,
        Status: 'Active',
        CreateDate: new Date(createdAt),
      })),
      IsTruncated: false,
    };
  },
});

const deleteAccessKey = operation({
  service: 'iam',
  name: 'DeleteAccessKey',
  parameters: {
    UserName: userName,
    AccessKeyId: required(text({ min: 16, max: 128, pattern: '[\\w]+' })),
  },
  permissions: ({ UserName }, call) => onUser('iam:DeleteAccessKey', userNameOr(UserName, call), call),
  run({ UserName, AccessKeyId }, call) {
    call.account.users.deleteAccessKey(call.account.users.get(userNameOr(UserName, call)), AccessKeyId);
    return undefined;
  },
});

export const userOperations: readonly Operation[] = [
  createUser,
  getUser,
  listUsers,
  deleteUser,
  tagUser,
  untagUser,
  listUserTags,
  createAccessKey,
  listAccessKeys,
  deleteAccessKey,
];
