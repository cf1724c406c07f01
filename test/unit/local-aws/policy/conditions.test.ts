import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../local-aws/policy/evaluate.ts';
import type { ConditionValue } from '../../../../local-aws/principal.ts';
import { accessRequest, policy } from './principals.ts';

const context = {
  'aws:username': 'alice',
  'aws:MultiFactorAuthPresent': 'true',
  'aws:MultiFactorAuthAge': '900',
  'aws:CurrentTime': '2026-11-24T09:30:00Z',
  'aws:EpochTime': '1795512600',
  'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/desk/mfa-agent',
  'aws:SourceIp': '192.0.2.77',
  'test:v6': '2001:db8::7',
  'test:tags': ['Red', 'blue'],
  'test:none': [],
  'test:word': 'word',
};

function holds(operator: string, key: string, value: ConditionValue): boolean {
  const document = policy({ Condition: { [operator]: { [key]: value } } });
  return evaluate(accessRequest({ context }), [document]) === 'allow';
}

describe.each<
  readonly [
    operator: string,
    key: string,
    holding: readonly ConditionValue[],
    failing: readonly ConditionValue[],
  ]
>([
  [
    'StringEquals',
    'aws:username',
    ['alice', ['bob', 'alice'], `\${aws:username}`, `\${ aws:username }`, `\${aws:missing, 'alice'}`],
    [
      'Alice',
      'al*',
      'bob',
      [],
      `\${aws:missing}`,
      `\${aws:missing, alice}`,
      `\${aws:missing, xalice'}`,
      `\${aws:missing, 'alicex}`,
      ['alice', `\${aws:missing}`],
    ],
  ],
  ['StringEquals', 'AWS:UserName', ['alice'], ['bob']],
  ['StringNotEquals', 'aws:username', ['bob', 'Alice', ['bob', 'carol']], ['alice', ['bob', 'alice']]],
  ['StringEqualsIgnoreCase', 'aws:username', ['ALICE'], ['bob']],
  ['StringNotEqualsIgnoreCase', 'aws:username', ['bob'], ['ALICE']],
  ['StringLike', 'aws:username', ['al*', '?lice', '*', ['b*', 'a*']], ['AL*', 'alice?', 'b*', `\${*}`]],
  ['StringNotLike', 'aws:username', ['b*', ['b*', 'c*']], ['a*', ['b*', 'a*']]],
  [
    'NumericEquals',
    'aws:MultiFactorAuthAge',
    [900, '900', '900.0', '900.00', '+900'],
    [901, 'x', ' 900', '900 '],
  ],
  ['NumericNotEquals', 'aws:MultiFactorAuthAge', [901, 'x'], [900]],
  ['NumericLessThan', 'aws:MultiFactorAuthAge', [901, '1000'], [900, '90']],
  ['NumericLessThanEquals', 'aws:MultiFactorAuthAge', [900], [899]],
  ['NumericGreaterThan', 'aws:MultiFactorAuthAge', [899, '-1', 899.5], [900, 'x', '']],
  ['NumericGreaterThanEquals', 'aws:MultiFactorAuthAge', [900], [901]],
  ['NumericGreaterThan', 'test:word', [], [0]],
  ['Bool', 'aws:MultiFactorAuthPresent', [true, 'true', 'True'], [false, 'false']],
  [
    'DateEquals',
    'aws:CurrentTime',
    ['2026-11-24T09:30:00Z', '2026-11-24T10:30:00+01:00', 1795512600],
    ['2026-11-24'],
  ],
  ['DateNotEquals', 'aws:CurrentTime', ['2026-11-24'], ['2026-11-24T09:30:00Z']],
  [
    'DateLessThan',
    'aws:CurrentTime',
    ['2026-11-24T09:30:01Z', '2026-11-25'],
    ['2026-11-24T09:30:00Z', 'tomorrow', ' 2026-11-25', '2026-11-25 noon'],
  ],
  ['DateLessThanEquals', 'aws:CurrentTime', ['2026-11-24T09:30:00Z'], ['2026-11-24T09:29:59Z']],
  ['DateGreaterThan', 'aws:EpochTime', ['2026-11-24T09:29:59Z', '1795512599'], ['1795512600']],
  ['DateGreaterThanEquals', 'aws:CurrentTime', ['2026-11-24T09:30:00Z'], ['2026-11-24T09:30:01Z']],
  [
    'ArnEquals',
    'aws:PrincipalArn',
    ['arn:aws:iam::123456789012:role/desk/mfa-agent', 'arn:aws:iam::*:role/*'],
    ['arn:aws:iam::*:role/mfa-agent', '*'],
  ],
  [
    'ArnLike',
    'aws:PrincipalArn',
    ['arn:*:iam::123456789012:role/*/mfa-agent', 'arn:aws:iam::12345678901?:role/desk/*'],
    ['arn:aws:*:role/desk/mfa-agent', 'arn:aws:iam:*'],
  ],
  ['ArnNotLike', 'aws:PrincipalArn', ['arn:aws:iam::*:user/*'], ['arn:aws:iam::*:role/*']],
  ['ArnNotEquals', 'aws:PrincipalArn', ['arn:aws:iam::*:user/*'], ['arn:aws:iam::*:role/*']],
  ['ArnLike', 'aws:username', [], ['*', 'arn:aws:iam::*:*']],
  [
    'IpAddress',
    'aws:SourceIp',
    ['192.0.2.77', '192.0.2.0/24', '0.0.0.0/0', ['10.0.0.0/8', '192.0.2.64/26']],
    ['192.0.2.76', '192.0.3.0/24', 'x', '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/x', '2001:db8::/32'],
  ],
  [
    'NotIpAddress',
    'aws:SourceIp',
    ['10.0.0.0/8', '192.0.3.0/24'],
    ['192.0.2.0/24', ['10.0.0.0/8', '192.0.2.0/24']],
  ],
  [
    'IpAddress',
    'test:v6',
    ['2001:db8::/32', '2001:db8::/64', '2001:0db8:0::7'],
    ['2001:db9::/32', '2001:db8::8', '0.0.0.0/0', '2001:db8::/129'],
  ],
  ['IpAddress', 'test:word', [], ['0.0.0.0/0']],
  ['Null', 'aws:username', ['false', false, ['true', 'false']], ['true', true]],
  ['Null', 'aws:missing', ['true', true], ['false', false]],
  ['Null', 'test:none', ['true'], ['false']],
  ['ForAnyValue:StringEquals', 'test:tags', ['Red', ['x', 'blue']], ['red', 'x']],
  ['ForAnyValue:StringNotEquals', 'test:tags', ['Red', 'x'], [['Red', 'blue']]],
  ['ForAllValues:StringEquals', 'test:tags', [['Red', 'blue', 'x']], ['Red']],
  ['ForAllValues:StringNotEquals', 'test:tags', ['x'], ['Red']],
  ['ForAllValues:StringLike', 'test:tags', ['*e*'], ['R*']],
  ['StringEquals', 'test:tags', ['Red'], ['x']],
  ['StringNotEquals', 'test:tags', ['x'], ['Red', 'blue']],
])('%s of %s', (operator, key, holding, failing) => {
  it.each([...holding.map((value) => [value, true]), ...failing.map((value) => [value, false])])(
    '%j: %s',
    (value, expected) => {
      expect(holds(operator, key, value)).toBe(expected);
    },
  );
});

describe('a key that the request does not have', () => {
  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringLike', false],
    ['ArnNotLike', true],
    ['NumericGreaterThan', false],
    ['NotIpAddress', true],
    ['Bool', false],
    ['BoolIfExists', true],
    ['StringEqualsIfExists', true],
    ['NumericGreaterThanIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('under %s: %s', (operator, expected) => {
    expect(holds(operator, 'aws:missing', 'false')).toBe(expected);
    expect(holds(operator, 'test:none', 'false')).toBe(expected);
  });
});

describe('IfExists on a key that is there', () => {
  it.each([
    ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'true', true],
    ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'false', false],
    ['NumericGreaterThanIfExists', 'aws:MultiFactorAuthAge', 899, true],
    ['NumericGreaterThanIfExists', 'aws:MultiFactorAuthAge', 900, false],
    ['StringNotEqualsIfExists', 'aws:username', 'alice', false],
  ])('%s of %s with %j: %s', (operator, key, value, expected) => {
    expect(holds(operator, key, value)).toBe(expected);
  });
});

describe('several conditions', () => {
  it.each([
    [
      {
        StringEquals: { 'aws:username': 'alice', 'test:word': 'word' },
        Bool: { 'aws:MultiFactorAuthPresent': true },
      },
      'allow',
    ],
    [{ StringEquals: { 'aws:username': 'alice', 'test:word': 'other' } }, 'implicit-deny'],
    [
      { StringEquals: { 'aws:username': 'alice' }, Bool: { 'aws:MultiFactorAuthPresent': false } },
      'implicit-deny',
    ],
    [{}, 'allow'],
  ])('must all hold: %j', (Condition, decision) => {
    expect(evaluate(accessRequest({ context }), [policy({ Condition })])).toBe(decision);
  });

  it.each([
    'StringEqual',
    'stringequals',
    'NullIfExists',
    'ForAllValues:Null',
    'ForSome:StringEquals',
    '__proto__',
  ])('are refused loudly when the operator is %s', (operator) => {
    const Condition = Object.fromEntries([[operator, { 'aws:username': 'alice' }]]);
    const document = policy({ Effect: 'Deny', Condition });

    expect(() => evaluate(accessRequest(), [document])).toThrow('Invalid Condition type');
  });
});

describe('variables', () => {
  it('are left as text where the operator takes none', () => {
    expect(holds('Bool', 'aws:MultiFactorAuthPresent', `\${aws:MultiFactorAuthPresent}`)).toBe(false);
    expect(holds('NumericEquals', 'aws:MultiFactorAuthAge', `\${aws:MultiFactorAuthAge}`)).toBe(false);
  });

  it('need no value when IfExists already decides', () => {
    expect(holds('StringEqualsIfExists', 'aws:missing', `\${aws:missing}`)).toBe(true);
  });
});
