import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GenerateCredentialReportCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutUserPolicyCommand,
  TagUserCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountArn, failureOf, keyOf, type LocalAws, policy, startLocalAws } from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const admin = () => aws.iam(keyOf('admin'));
const UserName = 'erin';

async function createErin() {
  const Tags = [{ Key: 'team', Value: 'blue' }];
  const { User } = await admin().send(new CreateUserCommand({ UserName, Path: '/team/', Tags }));
  return User;
}

describe('users', () => {
  it('are created, tagged, shown, listed by path and deleted', async () => {
    const created = await createErin();
    await admin().send(new TagUserCommand({ UserName, Tags: [{ Key: 'a', Value: 'b' }] }));

    const { User } = await admin().send(new GetUserCommand({ UserName }));
    const { Tags } = await admin().send(new ListUserTagsCommand({ UserName }));
    const { Users } = await admin().send(new ListUsersCommand({ PathPrefix: '/team/' }));
    await admin().send(new DeleteUserCommand({ UserName }));

    expect(created).toMatchObject({ UserName, Path: '/team/', Arn: `${accountArn}:user/team/erin` });
    expect(created?.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect(User).toMatchObject({ ...created, Tags });
    expect(Tags).toEqual([
      { Key: 'a', Value: 'b' },
      { Key: 'team', Value: 'blue' },
    ]);
    expect(Users?.map((user) => user.UserName)).toEqual(['carol', UserName]);
    expect(await failureOf(admin().send(new GetUserCommand({ UserName })))).toEqual({
      status: 404,
      code: 'NoSuchEntity',
      message: `The user with name ${UserName} cannot be found.`,
    });
  });

  it('default to the caller', async () => {
    const { User } = await aws.iam(keyOf('carol')).send(new GetUserCommand({}));

    expect(User?.Arn).toBe(`${accountArn}:user/team/carol`);
  });

  it('are unique case-insensitively', async () => {
    const failure = await failureOf(admin().send(new CreateUserCommand({ UserName: 'ALICE' })));
    const { User } = await admin().send(new GetUserCommand({ UserName: 'ALICE' }));

    expect(failure).toEqual({
      status: 409,
      code: 'EntityAlreadyExists',
      message: 'User with name ALICE already exists.',
    });
    expect(User?.UserName).toBe('alice');
  });

  it('get a new id and lose their keys and sessions when recreated', async () => {
    const before = await createErin();
    const { AccessKey } = await admin().send(new CreateAccessKeyCommand({ UserName }));
    const key = {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    };
    const session = aws.account.issueToUser(aws.account.users.get(UserName), { durationSeconds: 900 });
    await admin().send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key.accessKeyId }));
    await admin().send(new DeleteUserCommand({ UserName }));

    const after = await createErin();

    expect(after?.UserId).not.toBe(before?.UserId);
    for (const credentials of [key, session]) {
      const failure = await failureOf(aws.sts(credentials).send(new GetCallerIdentityCommand({})));
      expect(failure).toMatchObject({ status: 403, code: 'InvalidClientTokenId' });
    }
  });

  it('have names of at most 64 characters', async () => {
    const failure = await failureOf(admin().send(new CreateUserCommand({ UserName: 'x'.repeat(65) })));

    expect(failure.message).toContain(
      "at 'userName' failed to satisfy constraint: Member must have length less",
    );
  });

  it('cannot be deleted until everything they have is removed', async () => {
    await createErin();
    const { AccessKey } = await admin().send(new CreateAccessKeyCommand({ UserName }));
    const inline = { UserName, PolicyName: 'p', PolicyDocument: policy('iam:GetUser', '*') };
    const attached = { UserName, PolicyArn: `${accountArn}:policy/SelfService` };
    await admin().send(new PutUserPolicyCommand(inline));
    await admin().send(new AttachUserPolicyCommand(attached));
    const remove = () => admin().send(new DeleteUserCommand({ UserName }));

    const withKey = await failureOf(remove());
    await admin().send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
    const withPolicy = await failureOf(remove());
    await admin().send(new DeleteUserPolicyCommand(inline));
    const withAttached = await failureOf(remove());
    await admin().send(new DetachUserPolicyCommand(attached));

    expect([withKey.code, withPolicy.code, withAttached.code]).toEqual(Array(3).fill('DeleteConflict'));
    await expect(remove()).resolves.toBeDefined();
  });
});

describe('access keys', () => {
  it('work immediately until deleted, two at most', async () => {
    const created = await aws.iam(keyOf('alice')).send(new CreateAccessKeyCommand({}));
    const { AccessKeyId = '', SecretAccessKey = '' } = created.AccessKey ?? {};
    const key = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };

    const third = await failureOf(aws.iam(key).send(new CreateAccessKeyCommand({})));
    const listed = await aws.iam(key).send(new ListAccessKeysCommand({}));
    await aws.iam(key).send(new DeleteAccessKeyCommand({ AccessKeyId }));

    expect(AccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(third).toEqual({
      status: 409,
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
    });
    expect(listed.AccessKeyMetadata?.map((entry) => entry.AccessKeyId)).toEqual([
      'AKIALOCALALICE000001',
      AccessKeyId,
    ]);
    expect(await failureOf(aws.iam(key).send(new GetUserCommand({})))).toMatchObject({
      code: 'InvalidClientTokenId',
    });
  });

  it('cannot be deleted for another user', async () => {
    const input = { UserName: 'alice', AccessKeyId: 'AKIALOCALBOB00000001' };

    const failure = await failureOf(admin().send(new DeleteAccessKeyCommand(input)));

    expect(failure).toMatchObject({ status: 404, code: 'NoSuchEntity' });
  });

  it('need a user name from a role session', async () => {
    const role = aws.account.putRole({
      name: 'anything',
      path: '/',
      trustPolicy: { Statement: [] },
      policies: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }],
    });
    const credentials = aws.account.assumeRoleForService(role.name, 'function', { durationSeconds: 900 });

    const failure = await failureOf(aws.iam(credentials).send(new GetUserCommand({})));

    expect(failure).toEqual({
      status: 400,
      code: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    });
  });
});

describe('policies of users', () => {
  it('work immediately and are returned as they were put', async () => {
    const document = policy('iam:GetUser', '*').replaceAll(',', ', ');
    const put = { UserName: 'ann', PolicyName: 'read-%41', PolicyDocument: document };
    const named = { ...put, PolicyName: 'read' };
    const ann = aws.iam(keyOf('ann'));

    const badName = await failureOf(admin().send(new PutUserPolicyCommand(put)));
    const before = await failureOf(ann.send(new GetUserCommand({})));
    await admin().send(new PutUserPolicyCommand(named));
    await ann.send(new GetUserCommand({}));
    const shown = await admin().send(new GetUserPolicyCommand(named));
    const listed = await admin().send(new ListUserPoliciesCommand({ UserName: 'ann' }));
    await admin().send(new DeleteUserPolicyCommand(named));

    expect(badName).toMatchObject({ status: 400, code: 'ValidationError' });
    expect(before.code).toBe('AccessDenied');
    expect(decodeURIComponent(shown.PolicyDocument ?? '')).toBe(document);
    expect(listed.PolicyNames).toEqual(['assume-mfa-agent', 'read']);
    expect(await failureOf(ann.send(new GetUserCommand({})))).toMatchObject({ code: 'AccessDenied' });
    expect(await failureOf(admin().send(new GetUserPolicyCommand(named)))).toMatchObject({
      code: 'NoSuchEntity',
    });
  });

  it.each(['{}', 'x', policy('iam:GetUser', '*', { Principal: '*' })])(
    'refuse malformed %s',
    async (document) => {
      const input = { UserName: 'ann', PolicyName: 'bad', PolicyDocument: document };

      const failure = await failureOf(admin().send(new PutUserPolicyCommand(input)));

      expect(failure).toMatchObject({ status: 400, code: 'MalformedPolicyDocument' });
    },
  );

  it('total at most 2,048 characters, not counting white space', async () => {
    const put = (PolicyName: string, PolicyDocument: string) =>
      admin().send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName, PolicyDocument }));
    await put('long', policy('iam:GetUser', `arn:aws:s3:::${'x'.repeat(1600)}`) + ' '.repeat(3000));

    const failure = await failureOf(put('more', policy('iam:GetUser', `arn:aws:s3:::${'x'.repeat(400)}`)));

    expect(failure).toMatchObject({ status: 409, code: 'LimitExceeded' });
  });

  it('can be managed, attached and detached', async () => {
    const input = { UserName: 'ann', PolicyArn: `${accountArn}:policy/SelfService` };
    const unknown = { ...input, PolicyArn: `${accountArn}:policy/missing` };
    const ann = aws.iam(keyOf('ann'));

    await admin().send(new AttachUserPolicyCommand(input));
    const { AttachedPolicies } = await ann.send(new ListAttachedUserPoliciesCommand({ UserName: 'ann' }));
    await admin().send(new DetachUserPolicyCommand(input));

    expect(AttachedPolicies).toEqual([{ PolicyName: 'SelfService', PolicyArn: input.PolicyArn }]);
    expect(await failureOf(ann.send(new GetUserCommand({})))).toMatchObject({ code: 'AccessDenied' });
    expect(await failureOf(admin().send(new DetachUserPolicyCommand(input)))).toMatchObject({ status: 404 });
    expect(await failureOf(admin().send(new AttachUserPolicyCommand(unknown)))).toMatchObject({
      status: 404,
    });
  });
});

describe('the users of a managed policy', () => {
  const PolicyArn = `${accountArn}:policy/hold`;
  const list = (more: object = {}) => admin().send(new ListEntitiesForPolicyCommand({ PolicyArn, ...more }));

  beforeEach(async () => {
    aws.account.putManagedPolicy({
      name: 'hold',
      path: '/',
      document: JSON.parse(policy('iam:GetUser', '*')),
    });
    for (const UserName of ['kim', 'bob', 'carol'])
      await admin().send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  });

  it('are listed with name and id until it is detached', async () => {
    const user = (UserName: string) => ({ UserName, UserId: aws.account.users.get(UserName).userId });
    const before = await list();
    await admin().send(new DetachUserPolicyCommand({ UserName: 'kim', PolicyArn }));
    const after = await list({ EntityFilter: 'User', PolicyUsageFilter: 'PermissionsPolicy' });

    expect(before).toMatchObject({
      PolicyGroups: [],
      PolicyUsers: ['bob', 'carol', 'kim'].map(user),
      PolicyRoles: [],
      IsTruncated: false,
    });
    expect(after.PolicyUsers).toEqual(['bob', 'carol'].map(user));
  });

  it('are listed by page', async () => {
    const first = await list({ MaxItems: 2 });
    const second = await list({ MaxItems: 2, Marker: first.Marker });

    expect([first.IsTruncated, second.IsTruncated, second.Marker]).toEqual([true, false, undefined]);
    const names = [first, second].flatMap(({ PolicyUsers = [] }) =>
      PolicyUsers.map(({ UserName }) => UserName),
    );
    expect(names).toEqual(['bob', 'carol', 'kim']);
  });

  it.each([
    [{ PathPrefix: '/team/' }, ['carol']],
    [{ EntityFilter: 'Role' }, []],
    [{ EntityFilter: 'Group' }, []],
    [{ PolicyUsageFilter: 'PermissionsBoundary' }, []],
  ])('are filtered by %j', async (filter, names) => {
    const { PolicyUsers = [] } = await list(filter);
    expect(PolicyUsers.map(({ UserName }) => UserName)).toEqual(names);
  });

  it.each([
    [{ EntityFilter: 'Everyone' }, 400, 'ValidationError'],
    [{ PolicyUsageFilter: 'Both' }, 400, 'ValidationError'],
    [{ Marker: 'made-up' }, 400, 'ValidationError'],
    [{ PolicyArn: `${accountArn}:policy/missing` }, 404, 'NoSuchEntity'],
  ])('are refused for %j', async (input, status, code) => {
    expect(await failureOf(list(input))).toMatchObject({ status, code });
  });
});

describe('managed policies of a user', () => {
  const arnOf = (number: number) => `${accountArn}:policy/number-${number}`;
  const attach = (number: number, user = 'admin') =>
    aws.iam(keyOf(user)).send(new AttachUserPolicyCommand({ UserName: 'kim', PolicyArn: arnOf(number) }));
  const detach = (number: number, user = 'admin') =>
    aws.iam(keyOf(user)).send(new DetachUserPolicyCommand({ UserName: 'kim', PolicyArn: arnOf(number) }));

  beforeEach(() => {
    const document = JSON.parse(policy('iam:GetUser', '*'));
    for (let number = 1; number <= 11; number += 1) {
      aws.account.putManagedPolicy({ name: `number-${number}`, path: '/', document });
    }
  });

  it('are limited to ten', async () => {
    for (let number = 1; number <= 10; number += 1) await attach(number);
    await attach(10);

    const failure = await failureOf(attach(11));

    expect(failure).toEqual({
      status: 409,
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for PoliciesPerUser: 10',
    });
    await detach(1);
    await expect(attach(11)).resolves.toBeDefined();
  });

  it('can be attached and detached with permission for just the one', async () => {
    const document = policy(['iam:AttachUserPolicy', 'iam:DetachUserPolicy'], '*', {
      Condition: { ArnEquals: { 'iam:PolicyARN': arnOf(1) } },
    });
    const put = { UserName: 'ann', PolicyName: 'one', PolicyDocument: document };
    await admin().send(new PutUserPolicyCommand(put));
    await attach(2);

    const failures = [await failureOf(attach(3, 'ann')), await failureOf(detach(2, 'ann'))];

    expect(failures.map(({ code }) => code)).toEqual(['AccessDenied', 'AccessDenied']);
    await attach(1, 'ann');
    await expect(detach(1, 'ann')).resolves.toBeDefined();
  });
});

describe('tags of a user', () => {
  const tagsOf = async (UserName: string) => (await admin().send(new ListUserTagsCommand({ UserName }))).Tags;

  it.each([
    ['alice', [{ Key: 'email', Value: 'alice@example.com' }]],
    ['bob', [{ Key: 'email', Value: 'bob@example.com' }]],
    ['carol', [{ Key: 'email', Value: 'carol@example.com' }]],
    ['dora', []],
  ])('hold the address of a known user: %s', async (userName, tags) => {
    expect(await tagsOf(userName)).toEqual(tags);
  });

  it('can be changed and removed', async () => {
    const change = { UserName: 'bob', Tags: [{ Key: 'email', Value: 'other@example.com' }] };
    await admin().send(new TagUserCommand(change));
    expect(await tagsOf('bob')).toEqual(change.Tags);
    await admin().send(new UntagUserCommand({ UserName: 'bob', TagKeys: ['email', 'missing'] }));
    expect(await tagsOf('bob')).toEqual([]);
  });
});

describe('the credential report', () => {
  it('has a line for each of 5,000 users and is not regenerated on every request', async () => {
    for (let number = aws.account.users.size; number < 5000; number += 1) {
      aws.account.users.create({ userName: `user-${number}`, path: '/', tags: [], now: aws.clock.now() });
    }
    await admin().send(new GenerateCredentialReportCommand({}));
    aws.clock.advance(2);

    const { Content } = await admin().send(new GetCredentialReportCommand({}));

    const lines = Buffer.from(Content ?? [])
      .toString()
      .split('\n');
    expect(lines).toHaveLength(1 + 1 + 5000);
    expect(lines.filter((line) => line.startsWith('user-4999,'))).toHaveLength(1);
  });

  it('is absent, in progress, complete, then expired after four hours', async () => {
    const get = () => admin().send(new GetCredentialReportCommand({}));
    const generate = async () => (await admin().send(new GenerateCredentialReportCommand({}))).State;

    const absent = await failureOf(get());
    const started = [await generate(), await generate()];
    const early = await failureOf(get());
    aws.clock.advance(2);
    const complete = await generate();
    const { Content, ReportFormat } = await get();
    aws.clock.advance(4 * 3600);
    const expired = await failureOf(get());

    expect(absent).toMatchObject({ status: 410, code: 'ReportNotPresent' });
    expect(started).toEqual(['STARTED', 'INPROGRESS']);
    expect(early).toMatchObject({ status: 404, code: 'ReportInProgress' });
    expect(complete).toBe('COMPLETE');
    expect(ReportFormat).toBe('text/csv');
    expect(expired).toMatchObject({ status: 410, code: 'ReportExpired' });
    expect(await generate()).toBe('STARTED');
    expectReport(Buffer.from(Content ?? []).toString());
  });

  function expectReport(csv: string) {
    const [header = [], ...lines] = csv.split('\n').map((line) => line.split(','));
    const rows = lines.map((line) =>
      Object.fromEntries(line.map((value, index) => [header[index] ?? '', value])),
    );
    expect(header.join(',')).toMatch(
      /^user,arn,user_creation_time,password_enabled,.*,mfa_active,access_key_1_active,.*,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated$/,
    );
    expect(lines.every((line) => line.length === header.length)).toBe(true);
    expect(rows.map((row) => row['user'])).toEqual([
      '<root_account>',
      ...['abe', 'admin', 'alice', 'ann', 'bob', 'carol', 'dora', 'kim', 'pat', 'pia'],
    ]);
    const withMfa = rows.filter((row) => row['mfa_active'] === 'true').map((row) => row['user']);
    expect(withMfa).toEqual(['<root_account>', 'bob', 'dora']);
    expect(rows.at(-1)).toMatchObject({
      arn: `${accountArn}:user/pia`,
      password_enabled: 'false',
      access_key_1_active: 'true',
      access_key_2_active: 'false',
      cert_2_active: 'false',
    });
  }
});

describe('the account summary', () => {
  it('counts users and devices', async () => {
    const { SummaryMap } = await admin().send(new GetAccountSummaryCommand({}));

    expect(SummaryMap).toMatchObject({ Users: 10, MFADevices: 3, MFADevicesInUse: 2 });
  });
});
