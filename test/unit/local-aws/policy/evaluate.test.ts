import { describe, expect, it } from 'vitest';
import {
  decide,
  decideAssumeRole,
  evaluate,
  evaluateResourcePolicy,
} from '../../../../local-aws/policy/evaluate.ts';
import { accessRequest, accountId, agent, alice, policy, rootUser } from './principals.ts';

const allow = policy();
const deny = policy({ Effect: 'Deny' });
const other = policy({ Action: 'iam:GetUser' });

describe('the Action element', () => {
  it.each([
    ['*', 'allow'],
    ['iam:ListMFADevices', 'allow'],
    ['IAM:listmfadevices', 'allow'],
    ['iam:List*', 'allow'],
    ['iam:?istMFADevices', 'allow'],
    ['iam:*Devices', 'allow'],
    ['iam:List', 'implicit-deny'],
    ['iam:ListMFADevice?s', 'implicit-deny'],
    ['sts:ListMFADevices', 'implicit-deny'],
    ['iam:List.*', 'implicit-deny'],
    [['sts:*', 'iam:ListMFADevices'], 'allow'],
    [[], 'implicit-deny'],
  ])('%j on iam:ListMFADevices decides %s', (Action, decision) => {
    expect(evaluate(accessRequest(), [policy({ Action })])).toBe(decision);
  });

  it.each([
    ['iam:ListMFADevices', 'implicit-deny'],
    [['sts:*', 'iam:list*'], 'implicit-deny'],
    ['sts:*', 'allow'],
  ])('is turned round by NotAction %j: %s', (NotAction, decision) => {
    expect(evaluate(accessRequest(), [policy({ NotAction })])).toBe(decision);
  });
});

describe('the Resource element', () => {
  const api = `arn:aws:execute-api:us-east-1:${accountId}:abc/local/POST/v1/mfa-devices`;

  it.each([
    ['*', api, 'allow'],
    [api, api, 'allow'],
    [`arn:aws:execute-api:us-east-1:${accountId}:abc/*/v1/mfa-devices`, api, 'allow'],
    ['arn:aws:execute-api:*:*:abc/local/*', api, 'allow'],
    ['arn:aws:execute-api:*', api, 'allow'],
    [api.toUpperCase(), api, 'implicit-deny'],
    [`${api}/*`, api, 'implicit-deny'],
    [`arn:aws:iam::${accountId}:user/alic?`, alice.arn, 'allow'],
    [`arn:aws:iam::${accountId}:user/alic?`, `arn:aws:iam::${accountId}:user/alic`, 'implicit-deny'],
    ['arn:aws:iam::*:user/bob', `arn:aws:iam::${accountId}:mfa/x:user/bob`, 'implicit-deny'],
    [`arn:aws:iam::${accountId}:mfa/a:*`, `arn:aws:iam::${accountId}:mfa/a:b:c/d`, 'allow'],
    ['arn:aws:iam::*:mfa/a:*', `arn:aws:iam::${accountId}:x:mfa/a:b`, 'implicit-deny'],
    [`arn:aws:iam::${accountId}:mfa/*`, '*', 'implicit-deny'],
    [['arn:aws:s3:::x', alice.arn], alice.arn, 'allow'],
  ])('%j on %s decides %s', (Resource, resource, decision) => {
    expect(evaluate(accessRequest({ resource }), [policy({ Resource })])).toBe(decision);
  });

  it.each([
    [alice.arn, 'implicit-deny'],
    [['arn:aws:s3:::x', `${alice.arn}*`], 'implicit-deny'],
    ['arn:aws:s3:::x', 'allow'],
  ])('is turned round by NotResource %j: %s', (NotResource, decision) => {
    expect(evaluate(accessRequest(), [policy({ NotResource })])).toBe(decision);
  });

  it('takes no longer for many wildcards that nearly match', () => {
    const Resource = `arn:aws:iam::${accountId}:${'a*'.repeat(200)}b`;
    const resource = `arn:aws:iam::${accountId}:${'a'.repeat(5000)}`;

    expect(evaluate(accessRequest({ resource }), [policy({ Resource })])).toBe('implicit-deny');
  });
});

describe('policy variables', () => {
  const path = `arn:aws:iam::${accountId}:mfa/self-service`;

  it.each([
    [`${path}/\${aws:username}/*`, `${path}/alice/phone`, 'allow'],
    [`${path}/\${AWS:UserName}/*`, `${path}/alice/phone`, 'allow'],
    [`${path}/\${aws:username}/*`, `${path}/bob/phone`, 'implicit-deny'],
    [`${path}/\${aws:missing}/*`, `${path}/alice/phone`, 'implicit-deny'],
    [`${path}/\${aws:missing, 'team'}/*`, `${path}/team/phone`, 'allow'],
    [`${path}/\${aws:username,'team'}/*`, `${path}/team/phone`, 'implicit-deny'],
    [`${path}/\${aws:username, team}/*`, `${path}/alice/phone`, 'allow'],
    [`${path}/\${aws:missing, team}/*`, `${path}/team/phone`, 'implicit-deny'],
    [`${path}/\${aws:tags}/*`, `${path}/a/phone`, 'implicit-deny'],
    [`${path}/\${*}/x`, `${path}/*/x`, 'allow'],
    [`${path}/\${*}/x`, `${path}/alice/x`, 'implicit-deny'],
    [`${path}/\${?}\${$}`, `${path}/?$`, 'allow'],
    [`${path}/\${?}`, `${path}/a`, 'implicit-deny'],
    [`${path}/\${constructor}`, `${path}/a`, 'implicit-deny'],
  ])('%s on %s decides %s', (Resource, resource, decision) => {
    const context = { 'aws:username': 'alice', 'aws:tags': ['a', 'b'] };

    expect(evaluate(accessRequest({ resource, context }), [policy({ Resource })])).toBe(decision);
  });

  it('do not let a wildcard in their value match anything', () => {
    const request = accessRequest({ resource: `${path}/bob/phone`, context: { 'aws:SourceIdentity': '*' } });

    expect(evaluate(request, [policy({ Resource: `${path}/\${aws:SourceIdentity}/*` })])).toBe(
      'implicit-deny',
    );
  });

  it.each(['2008-10-17', undefined])('are plain text under Version %s', (Version) => {
    const document = { ...policy({ Resource: `${path}/\${aws:username}` }), Version };
    const { Version: _, ...unversioned } = document;
    const evaluated = Version === undefined ? unversioned : { ...unversioned, Version };

    expect(evaluate(accessRequest({ resource: `${path}/alice` }), [evaluated])).toBe('implicit-deny');
    expect(evaluate(accessRequest({ resource: `${path}/\${aws:username}` }), [evaluated])).toBe('allow');
  });

  it.each([
    [{ Resource: ['*', `\${aws:missing}`] }],
    [{ NotResource: `\${aws:missing}` }],
    [{ Condition: { StringNotEquals: { 'aws:username': `\${aws:missing}` } } }],
  ])('without a value keep the statement from matching, a Deny as well: %j', (over) => {
    const documents = [allow, policy({ Effect: 'Deny', ...over })];

    expect(evaluate(accessRequest(), documents)).toBe('allow');
  });
});

describe('several statements and documents', () => {
  it.each([
    ['nothing', [], 'implicit-deny'],
    ['no match', [other], 'implicit-deny'],
    ['an Allow among others', [other, allow], 'allow'],
    ['a Deny after an Allow', [allow, deny], 'explicit-deny'],
    ['a Deny before an Allow', [deny, allow], 'explicit-deny'],
  ])('%s: %s', (_, documents, decision) => {
    expect(evaluate(accessRequest(), documents)).toBe(decision);
  });

  it('are judged one by one within a document', () => {
    const Statement = [allow.Statement, { ...deny.Statement, Action: 'iam:List*' }];

    expect(evaluate(accessRequest(), [{ Version: '2012-10-17', Statement }])).toBe('explicit-deny');
  });

  it.each([
    [{ Effect: 'Allow', Resource: '*' } as const, 'actions'],
    [{ Effect: 'Deny', Action: '*' } as const, 'resources'],
  ])('without an element that it needs throw rather than pass: %j', (Statement, what) => {
    expect(() => evaluate(accessRequest(), [{ Statement }])).toThrow(`must contain ${what}`);
  });
});

describe('the Principal element', () => {
  const names = (AWS: string | readonly string[]) => policy({ Principal: { AWS } });

  it.each([
    ['everyone', alice, policy({ Principal: '*' }), 'everyone'],
    ['everyone as an AWS principal', alice, names('*'), 'everyone'],
    ['everyone, an anonymous caller', undefined, names('*'), 'everyone'],
    ['a user', alice, names(alice.arn), 'principal'],
    ['a user in a list', alice, names(['arn:aws:iam::123456789012:user/bob', alice.arn]), 'principal'],
    ['the account id', alice, names(accountId), 'account'],
    ['the account root', agent, names(rootUser.arn), 'account'],
    ['the root user', rootUser, names(rootUser.arn), 'principal'],
    ['a role', agent, names('arn:aws:iam::123456789012:role/desk/mfa-agent'), 'principal'],
    ['a role session', agent, names(agent.arn), 'session'],
    ['account and user', alice, names([accountId, alice.arn]), 'principal'],
  ])('lets in whom it names: %s', (_, principal, document, grantee) => {
    const result = evaluateResourcePolicy(accessRequest({ principal }), document);

    expect(result).toEqual({ decision: 'allow', grantee });
  });

  it.each([
    ['another user', alice, names('arn:aws:iam::123456789012:user/bob')],
    ['another account', alice, names('210987654321')],
    ['another account root', alice, names('arn:aws:iam::210987654321:root')],
    ['a wildcard within an ARN', alice, names('arn:aws:iam::123456789012:user/*')],
    ['a service', alice, policy({ Principal: { Service: 'lambda.amazonaws.com' } })],
    ['another session of the role', agent, names(agent.arn.replace('ann', 'abe'))],
    ['a role of the same name in another path', agent, names('arn:aws:iam::123456789012:role/mfa-agent')],
    ['the account, an anonymous caller', undefined, names(accountId)],
    ['no principal', alice, policy()],
  ])('lets nobody else in: %s', (_, principal, document) => {
    const result = evaluateResourcePolicy(accessRequest({ principal }), document);

    expect(result).toEqual({ decision: 'implicit-deny' });
  });

  it.each([
    ['account and user', alice, [accountId, alice.arn], 'implicit-deny'],
    ['account and role', agent, [rootUser.arn, agent.roleArn ?? ''], 'implicit-deny'],
    ['user without account', alice, [alice.arn], 'explicit-deny'],
    ['account without user', alice, [accountId], 'explicit-deny'],
    ['another user', alice, [accountId, 'arn:aws:iam::123456789012:user/bob'], 'explicit-deny'],
    ['an anonymous caller', undefined, [accountId, alice.arn], 'explicit-deny'],
  ])('is turned round by NotPrincipal in a Deny: %s', (_, principal, AWS, decision) => {
    const document = policy({ Effect: 'Deny', NotPrincipal: { AWS } });

    expect(evaluateResourcePolicy(accessRequest({ principal }), document).decision).toBe(decision);
  });

  it('never lets anybody in by NotPrincipal', () => {
    const document = policy({ NotPrincipal: { AWS: 'arn:aws:iam::123456789012:user/bob' } });

    expect(evaluateResourcePolicy(accessRequest(), document).decision).toBe('implicit-deny');
  });
});

describe('the Resource element of a resource policy', () => {
  const api = `arn:aws:execute-api:us-east-1:${accountId}:abc/local/GET/v1/me`;

  it.each([
    [{ Resource: api }, 'allow'],
    [{ Resource: `${api}/x` }, 'implicit-deny'],
    [{ NotResource: `${api}/x` }, 'allow'],
    [{ NotResource: api }, 'implicit-deny'],
  ])('%j decides %s', (named, decision) => {
    const document = policy({ Principal: '*', ...named });

    expect(evaluateResourcePolicy(accessRequest({ resource: api }), document).decision).toBe(decision);
  });

  it('does not tell who is named where it does not allow', () => {
    const document = policy({ Principal: '*', Effect: 'Deny' });

    expect(evaluateResourcePolicy(accessRequest(), document)).toEqual({ decision: 'explicit-deny' });
    expect(evaluateResourcePolicy(accessRequest(), policy({ Principal: { AWS: [] } }))).toEqual({
      decision: 'implicit-deny',
    });
  });

  it('names no account by a text that only ends like one', () => {
    const document = policy({ Principal: { AWS: `x arn:aws:iam::${accountId}:root` } });

    expect(evaluateResourcePolicy(accessRequest(), document).decision).toBe('implicit-deny');
  });
});

describe('decide', () => {
  const everyone = policy({ Principal: '*' });
  const account = policy({ Principal: { AWS: accountId } });
  const user = policy({ Principal: { AWS: alice.arn } });
  const role = policy({ Principal: { AWS: agent.roleArn ?? '' } });
  const session = policy({ Principal: { AWS: agent.arn } });
  const denyEveryone = policy({ Effect: 'Deny', Principal: '*' });

  it.each([
    ['nothing', alice, { identity: [] }, 'implicit-deny'],
    ['identity allows', alice, { identity: [allow] }, 'allow'],
    ['identity denies', alice, { identity: [allow, deny], resource: everyone }, 'explicit-deny'],
    ['resource allows everyone', alice, { identity: [], resource: everyone }, 'allow'],
    ['resource allows the user', alice, { identity: [], resource: user }, 'allow'],
    ['resource only allows the account', alice, { identity: [], resource: account }, 'implicit-deny'],
    ['resource allows the account, identity too', alice, { identity: [allow], resource: account }, 'allow'],
    ['resource denies', alice, { identity: [allow], resource: denyEveryone }, 'explicit-deny'],
    ['session allows what identity does not', agent, { identity: [], session: [allow] }, 'implicit-deny'],
    [
      'identity allows what session does not',
      agent,
      { identity: [allow], session: [other] },
      'implicit-deny',
    ],
    ['identity and session allow', agent, { identity: [allow], session: [allow] }, 'allow'],
    ['one of two sessions allows', agent, { identity: [allow], session: [other, allow] }, 'allow'],
    ['session denies', agent, { identity: [allow], session: [allow, deny] }, 'explicit-deny'],
    ['no session policies', agent, { identity: [allow], session: [] }, 'allow'],
    [
      'session limits a grant to everyone',
      agent,
      { identity: [], session: [other], resource: everyone },
      'implicit-deny',
    ],
    [
      'session limits a grant to the role',
      agent,
      { identity: [], session: [other], resource: role },
      'implicit-deny',
    ],
    ['a grant to the role', agent, { identity: [], session: [allow], resource: role }, 'allow'],
    ['a grant to the very session', agent, { identity: [], session: [other], resource: session }, 'allow'],
    [
      'session denies despite that grant',
      agent,
      { identity: [], session: [deny], resource: session },
      'explicit-deny',
    ],
    ['anonymous, nothing', undefined, { identity: [] }, 'implicit-deny'],
    ['anonymous with somebody’s policies', undefined, { identity: [allow] }, 'implicit-deny'],
    ['anonymous, resource allows everyone', undefined, { identity: [], resource: everyone }, 'allow'],
    [
      'anonymous, resource allows the account',
      undefined,
      { identity: [], resource: account },
      'implicit-deny',
    ],
    ['anonymous, resource denies', undefined, { identity: [], resource: denyEveryone }, 'explicit-deny'],
  ] as const)('%s', (_, principal, policies, decision) => {
    expect(decide(accessRequest({ principal }), policies)).toBe(decision);
  });
});

describe('decideAssumeRole', () => {
  const trusts = (AWS: string, Effect: 'Allow' | 'Deny' = 'Allow') => ({
    Version: '2012-10-17',
    Statement: { Effect, Principal: { AWS }, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] },
  });
  const request = (principal: typeof alice | undefined) =>
    accessRequest({ principal, action: 'sts:AssumeRole', resource: 'arn:aws:iam::123456789012:role/r' });

  it.each([
    ['trust names the user', alice, { identity: [], trust: trusts(alice.arn) }, 'allow'],
    ['trust names the account', alice, { identity: [], trust: trusts(accountId) }, 'implicit-deny'],
    [
      'trust names the account, identity allows',
      alice,
      { identity: [allow], trust: trusts(accountId) },
      'allow',
    ],
    ['trust names everyone', alice, { identity: [], trust: trusts('*') }, 'implicit-deny'],
    ['trust names everyone, identity allows', alice, { identity: [allow], trust: trusts('*') }, 'allow'],
    [
      'identity allows, trust names another',
      alice,
      { identity: [allow], trust: trusts(agent.arn) },
      'implicit-deny',
    ],
    [
      'trust names the user, identity denies',
      alice,
      { identity: [deny], trust: trusts(alice.arn) },
      'explicit-deny',
    ],
    ['trust denies', alice, { identity: [allow], trust: trusts(alice.arn, 'Deny') }, 'explicit-deny'],
    ['trust names the role', agent, { identity: [], trust: trusts(agent.roleArn ?? '') }, 'allow'],
    [
      'trust names the role, session does not allow',
      agent,
      { identity: [], session: [other], trust: trusts(agent.roleArn ?? '') },
      'implicit-deny',
    ],
    ['trust names the session', agent, { identity: [], session: [other], trust: trusts(agent.arn) }, 'allow'],
    [
      'session does not allow',
      agent,
      { identity: [allow], session: [other], trust: trusts(accountId) },
      'implicit-deny',
    ],
    ['nobody signed', undefined, { identity: [allow], trust: trusts('*') }, 'implicit-deny'],
  ] as const)('%s', (_, principal, policies, decision) => {
    expect(decideAssumeRole(request(principal), policies)).toBe(decision);
  });

  it('holds to the conditions of the trust policy', () => {
    const trust = {
      Version: '2012-10-17',
      Statement: {
        ...trusts(alice.arn).Statement,
        Condition: { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } },
      },
    };
    const named = (name: string) => ({
      ...request(alice),
      context: { 'aws:username': 'alice', 'sts:RoleSessionName': name },
    });

    expect(decideAssumeRole(named('alice'), { identity: [], trust })).toBe('allow');
    expect(decideAssumeRole(named('bob'), { identity: [], trust })).toBe('implicit-deny');
  });
});
