import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  EnableMFADeviceCommand,
  GenerateCredentialReportCommand,
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  GetMFADeviceCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListMFADevicesCommand,
  ListMFADeviceTagsCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  ListVirtualMFADevicesCommand,
  PutUserPolicyCommand,
  ResyncMFADeviceCommand,
  TagMFADeviceCommand,
  TagUserCommand,
  UntagMFADeviceCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accountArn,
  bobsPhone,
  createDevice,
  failureOf,
  keyOf,
  type LocalAws,
  policy,
  startLocalAws,
} from './fixture.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

const { SerialNumber } = bobsPhone;
const bob = { UserName: 'bob' };
const bobArn = `${accountArn}:user/bob`;
const carol = { UserName: 'carol' };
const codes = { AuthenticationCode1: '123456', AuthenticationCode2: '654321' };
const managed = { PolicyArn: `${accountArn}:policy/SelfService` };
const tags = { Tags: [{ Key: 'colour', Value: 'blue' }] };

async function allow(userName: string, document: string) {
  const input = { UserName: userName, PolicyName: 'test', PolicyDocument: document };
  await aws.iam(keyOf('admin')).send(new PutUserPolicyCommand(input));
}

describe('an action that no policy allows', () => {
  const newDevice = `${accountArn}:mfa/a/phone`;
  const cases: readonly (readonly [string, string, (iam: IAMClient) => Promise<unknown>])[] = [
    [
      'CreateVirtualMFADevice',
      newDevice,
      (iam) => iam.send(new CreateVirtualMFADeviceCommand({ Path: '/a/', VirtualMFADeviceName: 'phone' })),
    ],
    [
      'EnableMFADevice',
      bobArn,
      (iam) => iam.send(new EnableMFADeviceCommand({ ...bob, SerialNumber, ...codes })),
    ],
    [
      'DeactivateMFADevice',
      `${accountArn}:user/team/carol`,
      (iam) => iam.send(new DeactivateMFADeviceCommand({ ...carol, SerialNumber })),
    ],
    [
      'ResyncMFADevice',
      bobArn,
      (iam) => iam.send(new ResyncMFADeviceCommand({ ...bob, SerialNumber, ...codes })),
    ],
    ['ListMFADevices', bobArn, (iam) => iam.send(new ListMFADevicesCommand(bob))],
    ['ListVirtualMFADevices', '*', (iam) => iam.send(new ListVirtualMFADevicesCommand({}))],
    ['GetMFADevice', bobArn, (iam) => iam.send(new GetMFADeviceCommand({ ...bob, SerialNumber }))],
    ['TagMFADevice', SerialNumber, (iam) => iam.send(new TagMFADeviceCommand({ SerialNumber, ...tags }))],
    [
      'UntagMFADevice',
      SerialNumber,
      (iam) => iam.send(new UntagMFADeviceCommand({ SerialNumber, TagKeys: ['x'] })),
    ],
    ['ListMFADeviceTags', SerialNumber, (iam) => iam.send(new ListMFADeviceTagsCommand({ SerialNumber }))],
    [
      'DeleteVirtualMFADevice',
      SerialNumber,
      (iam) => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber })),
    ],
    [
      'CreateUser',
      `${accountArn}:user/x/new`,
      (iam) => iam.send(new CreateUserCommand({ Path: '/x/', UserName: 'new' })),
    ],
    ['GetUser', `${accountArn}:user/nobody`, (iam) => iam.send(new GetUserCommand({ UserName: 'nobody' }))],
    [
      'ListUsers',
      `${accountArn}:user/team/`,
      (iam) => iam.send(new ListUsersCommand({ PathPrefix: '/team/' })),
    ],
    ['DeleteUser', bobArn, (iam) => iam.send(new DeleteUserCommand(bob))],
    ['UntagUser', bobArn, (iam) => iam.send(new UntagUserCommand({ ...bob, TagKeys: ['colour'] }))],
    ['TagUser', bobArn, (iam) => iam.send(new TagUserCommand({ ...bob, ...tags }))],
    ['ListUserTags', bobArn, (iam) => iam.send(new ListUserTagsCommand(bob))],
    ['CreateAccessKey', bobArn, (iam) => iam.send(new CreateAccessKeyCommand(bob))],
    ['ListAccessKeys', bobArn, (iam) => iam.send(new ListAccessKeysCommand(bob))],
    [
      'DeleteAccessKey',
      bobArn,
      (iam) => iam.send(new DeleteAccessKeyCommand({ ...bob, AccessKeyId: 'AKIALOCALBOB00000001' })),
    ],
    [
      'PutUserPolicy',
      bobArn,
      (iam) =>
        iam.send(new PutUserPolicyCommand({ ...bob, PolicyName: 'x', PolicyDocument: policy('*', '*') })),
    ],
    ['GetUserPolicy', bobArn, (iam) => iam.send(new GetUserPolicyCommand({ ...bob, PolicyName: 'x' }))],
    ['DeleteUserPolicy', bobArn, (iam) => iam.send(new DeleteUserPolicyCommand({ ...bob, PolicyName: 'x' }))],
    ['ListUserPolicies', bobArn, (iam) => iam.send(new ListUserPoliciesCommand(bob))],
    ['AttachUserPolicy', bobArn, (iam) => iam.send(new AttachUserPolicyCommand({ ...bob, ...managed }))],
    ['DetachUserPolicy', bobArn, (iam) => iam.send(new DetachUserPolicyCommand({ ...bob, ...managed }))],
    ['ListAttachedUserPolicies', bobArn, (iam) => iam.send(new ListAttachedUserPoliciesCommand(bob))],
    [
      'ListEntitiesForPolicy',
      managed.PolicyArn,
      (iam) => iam.send(new ListEntitiesForPolicyCommand(managed)),
    ],
    ['GetAccountSummary', '*', (iam) => iam.send(new GetAccountSummaryCommand({}))],
    ['GenerateCredentialReport', '*', (iam) => iam.send(new GenerateCredentialReportCommand({}))],
    ['GetCredentialReport', '*', (iam) => iam.send(new GetCredentialReportCommand({}))],
  ];

  it.each(cases)('%s on %s is denied in AWS’s words', async (action, resource, call) => {
    const failure = await failureOf(call(aws.iam(keyOf('ann'))));

    expect(failure).toEqual({
      status: 403,
      code: 'AccessDenied',
      message:
        `User: ${accountArn}:user/ann is not authorized to perform: iam:${action} on resource: ${resource} ` +
        `because no identity-based policy allows the iam:${action} action`,
    });
  });

  it.each(cases)('%s on %s passes when exactly that is allowed', async (action, resource, call) => {
    await allow('kim', policy(`iam:${action}`, resource));

    // Any other outcome is fine: the policy allowed the call, and it does not affect the other cases.
    const failure = await call(aws.iam(keyOf('kim'))).catch((error: Error) => error.name);

    expect(failure).not.toBe('AccessDenied');
  });
});

describe('policies', () => {
  it('are evaluated separately for the tags of a new device', async () => {
    await allow('abe', policy('iam:CreateVirtualMFADevice', '*'));
    const command = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'tagged', ...tags });

    const failure = await failureOf(aws.iam(keyOf('abe')).send(command));
    await allow('abe', policy(['iam:CreateVirtualMFADevice', 'iam:TagMFADevice'], '*'));

    expect(failure.message).toContain('to perform: iam:TagMFADevice');
    await expect(aws.iam(keyOf('abe')).send(command)).resolves.toBeDefined();
  });

  it('can require tags on the request and the device', async () => {
    const device = await createDevice(aws, 'of-pat');
    const ofBlue = { Condition: { StringEquals: { 'aws:ResourceTag/colour': 'blue' } } };
    const toBlue = { Condition: { StringEquals: { 'aws:RequestTag/colour': 'blue' } } };
    await allow('pat', policy('iam:ListMFADeviceTags', '*', ofBlue));
    await allow('pia', policy('iam:TagMFADevice', '*', toBlue));
    const list = () => aws.iam(keyOf('pat')).send(new ListMFADeviceTagsCommand(device));
    const tag = (Value: string) =>
      aws.iam(keyOf('pia')).send(new TagMFADeviceCommand({ ...device, Tags: [{ Key: 'colour', Value }] }));

    const untagged = await failureOf(list());
    const red = await failureOf(tag('red'));
    await tag('blue');

    expect([untagged.code, red.code]).toEqual(['AccessDenied', 'AccessDenied']);
    await expect(list()).resolves.toMatchObject({ Tags: [{ Key: 'colour', Value: 'blue' }] });
  });

  it('deny explicitly in AWS’s words', async () => {
    await allow('abe', policy('*', '*', { Effect: 'Deny' }));

    const failure = await failureOf(aws.iam(keyOf('abe')).send(new GetUserCommand({})));

    expect(failure.message).toBe(
      `User: ${accountArn}:user/abe is not authorized to perform: iam:GetUser on resource: ${accountArn}:user/abe ` +
        'with an explicit deny in an identity-based policy',
    );
  });

  it('are evaluated before anything about the resource is revealed', async () => {
    const input = { UserName: 'nobody', SerialNumber: `${accountArn}:mfa/missing` };

    const failure = await failureOf(aws.iam(keyOf('ann')).send(new DeactivateMFADeviceCommand(input)));

    expect(failure.code).toBe('AccessDenied');
  });
});
