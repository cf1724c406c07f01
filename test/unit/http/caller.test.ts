import { describe, expect, it } from 'vitest';
import { callerOf } from '../../../shared/http/caller.ts';
import { apiEvent } from '../../support/api-event.ts';

describe('the caller', () => {
  it('is the IAM user that the gateway authenticated', () => {
    const caller = callerOf(
      apiEvent({ identity: { userArn: 'arn:aws-cn:iam::123456789012:user/team/a/carol' } }),
    );

    expect(caller).toEqual({
      partition: 'aws-cn',
      accountId: '123456789012',
      userName: 'carol',
      userArn: 'arn:aws-cn:iam::123456789012:user/team/a/carol',
      userId: 'AIDAALICE00000000001',
      accessKeyId: 'ASIAEXAMPLE000000001',
      temporary: true,
    });
  });

  it('is known by a long-term key too', () => {
    expect(callerOf(apiEvent({ identity: { accessKey: 'AKIAEXAMPLE000000001' } })).temporary).toBe(false);
  });

  it.each([
    ['an assumed role', { userArn: 'arn:aws:sts::123456789012:assumed-role/admin/alice' }],
    ['a federated user', { userArn: 'arn:aws:sts::123456789012:federated-user/alice' }],
    ['the root user', { userArn: 'arn:aws:iam::123456789012:root' }],
    ['a user of another account', { userArn: 'arn:aws:iam::210987654321:user/alice' }],
    ['a user whose account the gateway puts elsewhere', { accountId: '210987654321' }],
    ['a name that IAM does not allow', { userArn: 'arn:aws:iam::123456789012:user/al*ce' }],
    ['an ARN with something behind it', { userArn: 'arn:aws:iam::123456789012:user/alice\n' }],
    ['nobody', { userArn: null }],
    ['a user without id', { user: null }],
    ['a request without access key', { accessKey: null }],
  ])('is never %s', (_, identity) => {
    expect(() => callerOf(apiEvent({ identity }))).toThrowError(
      expect.objectContaining({ code: 'access-denied' }),
    );
  });

  it('is not taken from headers or body', () => {
    const forged = { 'x-amzn-iam-user-arn': 'arn:aws:iam::123456789012:user/bob', 'x-user': 'bob' };

    const caller = callerOf(apiEvent({ headers: forged, body: '{"userName":"bob"}' }));

    expect(caller.userName).toBe('alice');
  });
});
