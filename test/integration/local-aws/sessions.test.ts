import {
  DeleteUserPolicyCommand,
  ListMFADevicesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../../local-aws/policy/evaluate.ts';
import type { PolicyDocument } from '../../../local-aws/principal.ts';
import {
  accountArn,
  bobsPhone,
  type Credentials,
  credentialsOf,
  failureOf,
  keyOf,
  type LocalAws,
  policy,
  sessionOf,
  startLocalAws,
} from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const invalidToken = { status: 403, code: 'InvalidClientTokenId' };

const everything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
};

function trust(more: object = {}, actions = ['sts:AssumeRole', 'sts:SetSourceIdentity']): PolicyDocument {
  const statement = { Effect: 'Allow' as const, Principal: { AWS: `${accountArn}:root` }, Action: actions };
  return { Version: '2012-10-17', Statement: { ...statement, ...more } };
}

/** A role that the account's users may assume if their own policies allow it. */
function putRole(name: string, trustPolicy = trust(), policies: readonly PolicyDocument[] = [everything]) {
  return aws.account.putRole({ name, path: '/', trustPolicy, policies, maxSessionDuration: 43_200 }).arn;
}

async function allow(userName: string, document: string) {
  const command = new PutUserPolicyCommand({
    UserName: userName,
    PolicyName: 'test',
    PolicyDocument: document,
  });
  await aws.iam(keyOf('admin')).send(command);
}

function assume(
  credentials: Credentials,
  input: Partial<ConstructorParameters<typeof AssumeRoleCommand>[0]>,
) {
  const command = new AssumeRoleCommand({ RoleArn: '', RoleSessionName: 'session', ...input });
  return aws.sts(credentials).send(command);
}

describe('GetSessionToken', () => {
  it('issues credentials that expire, by default after 12 hours', async () => {
    const answer = await aws.sts(keyOf('bob')).send(new GetSessionTokenCommand({}));
    const { Expiration, AccessKeyId } = answer.Credentials ?? {};
    const session = credentialsOf(answer);
    await aws.sts(session).send(new GetCallerIdentityCommand({}));
    aws.clock.advance(43_200);

    const failure = await failureOf(aws.sts(session).send(new GetCallerIdentityCommand({})));

    expect(AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(Math.abs((Expiration?.getTime() ?? 0) - aws.clock.now())).toBeLessThan(60_000);
    expect(failure).toMatchObject({ status: 403, code: 'ExpiredToken' });
  });

  it.each([899, 129_601])('refuses a duration of %i seconds', async (DurationSeconds) => {
    const failure = await failureOf(
      aws.sts(keyOf('bob')).send(new GetSessionTokenCommand({ DurationSeconds })),
    );

    expect(failure).toMatchObject({ status: 400, code: 'ValidationError' });
    expect(failure.message).toContain("at 'durationSeconds' failed to satisfy constraint");
  });

  it('needs long-term keys', async () => {
    const user = await sessionOf(aws, 'bob', bobsPhone);
    const role = credentialsOf(await assume(keyOf('admin'), { RoleArn: putRole('role') }));

    for (const session of [user, role]) {
      const failure = await failureOf(aws.sts(session).send(new GetSessionTokenCommand({})));
      expect(failure).toEqual({
        status: 403,
        code: 'AccessDenied',
        message: 'Cannot call GetSessionToken with session credentials',
      });
    }
  });

  it('needs no policy and keeps the callerâs identity', async () => {
    const session = await sessionOf(aws, 'ann');

    const identity = await aws.sts(session).send(new GetCallerIdentityCommand({}));

    expect(identity).toMatchObject({ Account: '123456789012', Arn: `${accountArn}:user/ann` });
    expect(identity.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  });

  it('lets a session call IAM only with MFA', async () => {
    const without = await sessionOf(aws, 'bob');
    const withMfa = await sessionOf(aws, 'bob', bobsPhone);

    const failure = await failureOf(aws.iam(without).send(new ListMFADevicesCommand({})));

    expect(failure).toMatchObject(invalidToken);
    expect(aws.account.trail.events().at(-1)).toMatchObject({ principalArn: `${accountArn}:user/bob` });
    await expect(aws.iam(withMfa).send(new ListMFADevicesCommand({}))).resolves.toBeDefined();
  });

  it('lets a session without MFA assume a role', async () => {
    const session = await sessionOf(aws, 'admin');

    await expect(assume(session, { RoleArn: putRole('role') })).resolves.toBeDefined();
  });

  it('provides the MFA context that policies check', async () => {
    const present = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
    await allow('ann', policy('iam:ListUsers', '*', present));
    const old = { NumericGreaterThan: { 'aws:MultiFactorAuthAge': '60' } };
    await allow('bob', policy('iam:ListUsers', '*', { Effect: 'Deny', Condition: old }));
    const session = await sessionOf(aws, 'bob', bobsPhone);

    const longTerm = await failureOf(aws.iam(keyOf('ann')).send(new ListUsersCommand({})));
    await aws.iam(session).send(new ListUsersCommand({}));
    aws.clock.advance(62);
    const tooOld = await failureOf(aws.iam(session).send(new ListUsersCommand({})));

    expect(longTerm).toMatchObject({ code: 'AccessDenied' });
    expect(tooOld.message).toContain('with an explicit deny in an identity-based policy');
  });
});

describe('credentials', () => {
  it('are refused with a wrong secret, an unknown key, another token or a changed token', async () => {
    const session = await sessionOf(aws, 'bob');
    const other = await sessionOf(aws, 'bob');
    const token = session.sessionToken ?? '';
    const middle = token.length / 2;
    const flipped = token[middle] === 'A' ? 'B' : 'A';
    const cases: readonly (readonly [Credentials, string])[] = [
      [{ ...keyOf('bob'), secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
      [{ ...session, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
      [{ ...keyOf('bob'), accessKeyId: 'AKIAUNKNOWN000000000' }, 'InvalidClientTokenId'],
      [
        { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey },
        'InvalidClientTokenId',
      ],
      [{ ...session, sessionToken: other.sessionToken ?? '' }, 'InvalidClientTokenId'],
      [{ ...keyOf('bob'), sessionToken: token }, 'InvalidClientTokenId'],
      [{ ...session, sessionToken: 'AAAA' }, 'InvalidClientTokenId'],
      [
        { ...session, sessionToken: token.slice(0, middle) + flipped + token.slice(middle + 1) },
        'InvalidClientTokenId',
      ],
    ];

    const failures = [];
    for (const [credentials] of cases) {
      failures.push(await failureOf(aws.sts(credentials).send(new GetCallerIdentityCommand({}))));
    }

    expect(failures.map(({ status, code }) => [status, code])).toEqual(cases.map(([, code]) => [403, code]));
  });
});

describe('AssumeRole', () => {
  it('issues a session of the role under the chosen name', async () => {
    const RoleArn = putRole('role');

    const answer = await assume(keyOf('admin'), { RoleArn, RoleSessionName: 'a@b' });
    const identity = await aws.sts(credentialsOf(answer)).send(new GetCallerIdentityCommand({}));

    const arn = 'arn:aws:sts::123456789012:assumed-role/role/a@b';
    expect(answer.AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: identity.UserId });
    expect(identity).toMatchObject({ Arn: arn, Account: '123456789012' });
    expect(identity.UserId).toMatch(/^AROA[A-Z2-7]{17}:a@b$/);
  });

  it.each([
    ['RoleSessionName', 'x'],
    ['RoleSessionName', 'x'.repeat(65)],
    ['RoleSessionName', 'a b'],
    ['SourceIdentity', 'x'],
    ['SourceIdentity', 'a/b'],
    ['DurationSeconds', 899],
    ['DurationSeconds', 43_201],
  ])('refuses %s %s', async (name, value) => {
    const failure = await failureOf(assume(keyOf('admin'), { RoleArn: putRole('role'), [name]: value }));

    expect(failure).toMatchObject({ status: 400, code: 'ValidationError' });
  });

  it('refuses a longer session than the role allows', async () => {
    const { arn } = aws.account.putRole({ name: 'short', path: '/', trustPolicy: trust(), policies: [] });

    const failure = await failureOf(assume(keyOf('admin'), { RoleArn: arn, DurationSeconds: 3601 }));

    expect(failure).toEqual({
      status: 400,
      code: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    });
  });

  it('refuses a session over an hour when roles are chained', async () => {
    const RoleArn = putRole('role');
    const first = credentialsOf(await assume(keyOf('admin'), { RoleArn, DurationSeconds: 7200 }));

    const failure = await failureOf(assume(first, { RoleArn, DurationSeconds: 3601 }));

    expect(failure).toMatchObject({ status: 400, code: 'ValidationError' });
    await expect(assume(first, { RoleArn, DurationSeconds: 3600 })).resolves.toBeDefined();
  });

  it('denies an unknown role, a role that does not trust the caller, and a caller without permission', async () => {
    const untrusting = putRole('untrusting', trust({ Principal: { AWS: `${accountArn}:user/pat` } }));
    const trusting = putRole('trusting');

    for (const [user, RoleArn] of [
      ['admin', `${accountArn}:role/missing`],
      ['admin', untrusting],
      ['ann', trusting],
    ] as const) {
      expect(await failureOf(assume(keyOf(user), { RoleArn }))).toEqual({
        status: 403,
        code: 'AccessDenied',
        message: `User: ${accountArn}:user/${user} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
      });
    }
  });

  it('enforces the session name that the trust policy pins', async () => {
    const RoleArn = `${accountArn}:role/mfa-agent`;

    await expect(assume(keyOf('ann'), { RoleArn, RoleSessionName: 'ann' })).resolves.toBeDefined();
    expect(await failureOf(assume(keyOf('ann'), { RoleArn, RoleSessionName: 'abe' }))).toMatchObject({
      code: 'AccessDenied',
    });
    expect(await failureOf(assume(keyOf('pat'), { RoleArn, RoleSessionName: 'pat' }))).toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('requires the external id that the trust policy demands', async () => {
    const wanted = { Condition: { StringEquals: { 'sts:ExternalId': 'secret-1' } } };
    const RoleArn = putRole('external', trust(wanted));

    expect(await failureOf(assume(keyOf('admin'), { RoleArn }))).toMatchObject({ code: 'AccessDenied' });
    await expect(assume(keyOf('admin'), { RoleArn, ExternalId: 'secret-1' })).resolves.toBeDefined();
  });

  it('gives the trust policy and the session MFA context from serial number and code', async () => {
    const wanted = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
    const RoleArn = putRole('with-mfa', trust(wanted));
    await allow('bob', policy('sts:AssumeRole', RoleArn));
    const mfa = { SerialNumber: bobsPhone.SerialNumber, TokenCode: aws.code(bobsPhone.seed) };

    const without = await failureOf(assume(keyOf('bob'), { RoleArn }));
    await assume(keyOf('bob'), { RoleArn, ...mfa });
    const again = await failureOf(assume(keyOf('bob'), { RoleArn, ...mfa }));

    expect(without).toMatchObject({ code: 'AccessDenied' });
    expect(again.message).toContain('invalid MFA one time pass code');
  });
});

describe('session policies', () => {
  it('restrict the role by action and resource', async () => {
    const Policy = policy('iam:ListMFADevices', `${accountArn}:user/bob`);
    const session = credentialsOf(await assume(keyOf('admin'), { RoleArn: putRole('role'), Policy }));
    const iam = aws.iam(session);

    const other = await failureOf(iam.send(new ListMFADevicesCommand({ UserName: 'alice' })));

    await expect(iam.send(new ListMFADevicesCommand({ UserName: 'bob' }))).resolves.toBeDefined();
    expect(other).toEqual({
      status: 403,
      code: 'AccessDenied',
      message:
        'User: arn:aws:sts::123456789012:assumed-role/role/session is not authorized to perform: iam:ListMFADevices ' +
        `on resource: ${accountArn}:user/alice because no session policy allows the iam:ListMFADevices action`,
    });
  });

  it('grant nothing that the role lacks', async () => {
    const RoleArn = putRole('powerless', trust(), []);
    const Policy = policy('*', '*');
    const session = credentialsOf(await assume(keyOf('admin'), { RoleArn, Policy }));

    const failure = await failureOf(aws.iam(session).send(new ListUsersCommand({})));

    expect(failure.message).toContain('because no identity-based policy allows the iam:ListUsers action');
  });

  it('can deny', async () => {
    const statements = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:ListUsers', Resource: '*' },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    const session = credentialsOf(await assume(keyOf('admin'), { RoleArn: putRole('role'), Policy }));

    const failure = await failureOf(aws.iam(session).send(new ListUsersCommand({})));

    expect(failure.message).toContain('with an explicit deny in a session policy');
  });

  it('can be managed policies', async () => {
    const document: PolicyDocument = JSON.parse(policy('iam:ListUsers', '*'));
    const arn = aws.account.putManagedPolicy({ name: 'list', path: '/', document });
    const input = { RoleArn: putRole('role'), PolicyArns: [{ arn }] };
    const session = credentialsOf(await assume(keyOf('admin'), input));

    await expect(aws.iam(session).send(new ListUsersCommand({}))).resolves.toBeDefined();
    expect(
      await failureOf(aws.iam(session).send(new ListMFADevicesCommand({ UserName: 'bob' }))),
    ).toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('are limited to 2,048 characters', async () => {
    const RoleArn = putRole('role');
    const base = policy('iam:ListUsers', '*');
    const fitting = base + ' '.repeat(2048 - base.length);

    const { PackedPolicySize } = await assume(keyOf('admin'), { RoleArn, Policy: fitting });
    const failure = await failureOf(assume(keyOf('admin'), { RoleArn, Policy: `${fitting} ` }));

    expect(PackedPolicySize).toBe(100);
    expect(failure).toMatchObject({ status: 400, code: 'PackedPolicyTooLarge' });
  });

  it.each([
    '{',
    '{}',
    '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}',
  ])('are refused when malformed: %s', async (Policy) => {
    const failure = await failureOf(assume(keyOf('admin'), { RoleArn: putRole('role'), Policy }));

    expect(failure).toMatchObject({ status: 400, code: 'MalformedPolicyDocument' });
  });
});

describe('SourceIdentity', () => {
  it('is returned, visible to policies and kept through a chain', async () => {
    const RoleArn = putRole('role');
    const answer = await assume(keyOf('admin'), { RoleArn, SourceIdentity: 'alice' });
    const first = credentialsOf(answer);
    const second = await assume(first, { RoleArn });
    await aws.iam(credentialsOf(second)).send(new ListUsersCommand({}));

    expect(answer.SourceIdentity).toBe('alice');
    expect(second.SourceIdentity).toBe('alice');
    expect(aws.account.trail.events().at(-1)).toMatchObject({
      operation: 'ListUsers',
      sourceIdentity: 'alice',
    });
  });

  it('cannot be changed in a chain', async () => {
    const RoleArn = putRole('role');
    const first = credentialsOf(await assume(keyOf('admin'), { RoleArn, SourceIdentity: 'alice' }));

    const failure = await failureOf(assume(first, { RoleArn, SourceIdentity: 'bobby' }));

    expect(failure).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('needs permission on both sides', async () => {
    const silent = putRole('silent', trust({}, ['sts:AssumeRole']));
    const willing = putRole('willing');
    const naming = putRole('naming', trust({ Principal: { AWS: `${accountArn}:user/ann` } }));
    await allow('ann', policy('sts:AssumeRole', '*'));

    const failures = [
      await failureOf(assume(keyOf('admin'), { RoleArn: silent, SourceIdentity: 'alice' })),
      await failureOf(assume(keyOf('ann'), { RoleArn: willing, SourceIdentity: 'alice' })),
      await failureOf(assume(keyOf('ann'), { RoleArn: naming, SourceIdentity: 'alice' })),
    ];

    for (const failure of failures) {
      expect(failure).toMatchObject({ status: 403, code: 'AccessDenied' });
      expect(failure.message).toContain('sts:SetSourceIdentity');
    }
  });

  it('can be demanded by the trust policy', async () => {
    const demanded = { Condition: { Null: { 'sts:SourceIdentity': 'false' } } };
    const RoleArn = putRole('demanding', trust(demanded));

    expect(await failureOf(assume(keyOf('admin'), { RoleArn }))).toMatchObject({ code: 'AccessDenied' });
    await expect(assume(keyOf('admin'), { RoleArn, SourceIdentity: 'alice' })).resolves.toBeDefined();
  });
});

describe('a policy that denies sessions issued before a cut-off', () => {
  it('stops those, but not later ones or long-term keys', async () => {
    const earlier = await sessionOf(aws, 'bob', bobsPhone);
    aws.clock.advance(60);
    const before = new Date(aws.clock.now()).toISOString();
    const document = policy('*', '*', {
      Effect: 'Deny',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
    });
    const input = { UserName: 'bob', PolicyName: 'revoke', PolicyDocument: document };
    await aws.iam(keyOf('admin')).send(new PutUserPolicyCommand(input));
    aws.clock.advance(30);
    const later = await sessionOf(aws, 'bob', bobsPhone);
    const ask = (credentials: Credentials) => aws.iam(credentials).send(new ListMFADevicesCommand({}));

    const failure = await failureOf(ask(earlier));

    expect(failure.message).toContain('with an explicit deny in an identity-based policy');
    await expect(ask(later)).resolves.toBeDefined();
    await expect(ask(keyOf('bob'))).resolves.toBeDefined();
    await aws
      .iam(keyOf('admin'))
      .send(new DeleteUserPolicyCommand({ UserName: 'bob', PolicyName: 'revoke' }));
    await expect(ask(earlier)).resolves.toBeDefined();
  });
});

describe('GetFederationToken', () => {
  const federate = (who: string, input: object = {}) =>
    aws.sts(keyOf(who)).send(new GetFederationTokenCommand({ Name: 'verify', ...input }));

  it('issues credentials of a federated user', async () => {
    const answer = await federate('admin', { Policy: JSON.stringify(everything) });
    const federated = credentialsOf(answer);
    const identity = await aws.sts(federated).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Arn: 'arn:aws:sts::123456789012:federated-user/verify',
      UserId: '123456789012:verify',
    });
    const known = aws.account.resolve(federated.accessKeyId, federated.sessionToken);
    expect(known).toMatchObject({ principal: { type: 'federated-user' } });
  });

  it('needs permission', async () => {
    expect(await failureOf(federate('bob'))).toMatchObject({ code: 'AccessDenied' });
  });

  it('gives no more than both the user and the policy allow', async () => {
    const may = async (policies: object) => {
      const { accessKeyId, sessionToken } = credentialsOf(await federate('admin', policies));
      const known = aws.account.resolve(accessKeyId, sessionToken);
      if (!('principal' in known)) throw new Error('unknown');
      const { principal } = known;
      const request = {
        action: 'execute-api:Invoke',
        resource: 'arn:aws:execute-api:x',
        principal,
        context: {},
      };
      return decide(request, {
        identity: aws.account.identityPoliciesOf(principal),
        session: principal.session?.policies ?? [],
      });
    };
    expect(await may({ Policy: JSON.stringify(everything) })).toBe('allow');
    expect(await may({ Policy: policy('s3:*', '*') })).toBe('implicit-deny');
    expect(await may({})).toBe('implicit-deny');
  });

  it('gives credentials that can call neither IAM nor another session', async () => {
    const federated = credentialsOf(await federate('admin', { Policy: JSON.stringify(everything) }));
    const list = aws.iam(federated).send(new ListUsersCommand({}));
    expect(await failureOf(list)).toMatchObject(invalidToken);
    expect(await failureOf(assume(federated, { RoleArn: putRole('role') }))).toMatchObject({
      code: 'AccessDenied',
    });
    const again = aws.sts(federated).send(new GetFederationTokenCommand({ Name: 'again' }));
    expect(await failureOf(again)).toMatchObject({ code: 'AccessDenied' });
  });
});
