import { describe, expect, it } from 'vitest';
import { conditionContext, contextValues } from '../../../../local-aws/policy/context.ts';
import { agent, alice, rootUser } from './principals.ts';

const now = Date.UTC(2026, 10, 24, 9, 30, 0, 750);
const issuedAt = now - 120_250;
const session = { issuedAt, expiresAt: now + 3_600_000, policies: [] };

describe('conditionContext', () => {
  it('tells of a user with long-term keys, without any MFA key', () => {
    const context = conditionContext(alice, { now });

    expect(context).toEqual({
      'aws:CurrentTime': '2026-11-24T09:30:00Z',
      'aws:EpochTime': '1795512600',
      'aws:SecureTransport': 'false',
      'aws:PrincipalType': 'User',
      'aws:PrincipalAccount': '123456789012',
      'aws:PrincipalArn': alice.arn,
      'aws:userid': alice.userId,
      'aws:username': 'alice',
    });
  });

  it('tells of a session without MFA that there was none, and no age', () => {
    const context = conditionContext({ ...alice, session }, { now });

    expect(context).toMatchObject({
      'aws:MultiFactorAuthPresent': 'false',
      'aws:TokenIssueTime': '2026-11-24T09:28:00Z',
    });
    expect(context).not.toHaveProperty(['aws:MultiFactorAuthAge']);
    expect(context).not.toHaveProperty(['aws:SourceIdentity']);
  });

  it.each([
    [issuedAt, '120'],
    [now - 900_999, '900'],
    [now - 901_000, '901'],
    [now + 5000, '0'],
  ])('tells the age of a second factor shown at %i in whole seconds', (mfaAt, age) => {
    const context = conditionContext({ ...alice, session: { ...session, mfaAt } }, { now });

    expect(context).toMatchObject({ 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': age });
  });

  it('tells of an assumed role by the ARN of the role', () => {
    const principal = { ...agent, session: { ...session, sourceIdentity: 'ann' } };

    const context = conditionContext(principal, { now });

    expect(context).toMatchObject({
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/desk/mfa-agent',
      'aws:userid': 'AROATESTAGENT0000001:ann',
      'aws:SourceIdentity': 'ann',
    });
    expect(context).not.toHaveProperty(['aws:username']);
  });

  it('tells of the root user as the account', () => {
    expect(conditionContext(rootUser, { now })).toMatchObject({ 'aws:PrincipalType': 'Account' });
  });

  it('tells of an anonymous request no principal', () => {
    const context = conditionContext(undefined, {
      now,
      sourceIp: '127.0.0.1',
      userAgent: 'curl/8',
      secureTransport: true,
    });

    expect(context).toEqual({
      'aws:CurrentTime': '2026-11-24T09:30:00Z',
      'aws:EpochTime': '1795512600',
      'aws:SecureTransport': 'true',
      'aws:SourceIp': '127.0.0.1',
      'aws:UserAgent': 'curl/8',
      'aws:PrincipalType': 'Anonymous',
      'aws:userid': 'anonymous',
    });
  });
});

describe('contextValues', () => {
  it.each([
    ['a', ['1']],
    ['A', ['1']],
    ['list', ['1', '2']],
    ['empty', undefined],
    ['missing', undefined],
    ['toString', undefined],
    ['__proto__', undefined],
  ])('of %s are %j', (key, values) => {
    expect(contextValues({ a: '1', list: ['1', '2'], empty: [] }, key)).toEqual(values);
  });
});
