import { describe, expect, it } from 'vitest';
import { type PolicyKind, parsePolicy } from '../../../../local-aws/policy/validate.ts';

const statement = { Effect: 'Allow', Action: 'iam:*', Resource: '*' };
const text = (over: object, Version: unknown = '2012-10-17') =>
  JSON.stringify({ Version, Statement: { ...statement, ...over } });

describe('parsePolicy', () => {
  it('reads a document with every element, one statement becoming a list', () => {
    const Condition = {
      Bool: { 'aws:MultiFactorAuthPresent': true },
      NumericLessThan: { 'aws:x': [1, '2'] },
    };
    const document = { Version: '2012-10-17', Id: 'i', Statement: { Sid: 's', ...statement, Condition } };

    expect(parsePolicy(JSON.stringify(document))).toEqual({ ...document, Statement: [document.Statement] });
  });

  it.each<readonly [string, string, PolicyKind]>([
    ['a list of statements', JSON.stringify({ Statement: [statement, statement] }), 'identity'],
    ['the older version', text({}, '2008-10-17'), 'identity'],
    [
      'NotAction and NotResource',
      JSON.stringify({ Statement: { Effect: 'Deny', NotAction: ['iam:*'], NotResource: '*' } }),
      'identity',
    ],
    ['a variable as resource', text({ Resource: `\${aws:PrincipalArn}` }), 'identity'],
    [
      'the short form of execute-api',
      text({ Principal: '*', Resource: 'execute-api:/local/GET/*' }),
      'resource',
    ],
    [
      'a Deny with NotPrincipal',
      text({ Effect: 'Deny', NotPrincipal: { AWS: ['123456789012'] } }),
      'resource',
    ],
    [
      'a trust policy',
      JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com', AWS: '*' },
          Action: 'sts:AssumeRole',
        },
      }),
      'trust',
    ],
  ])('accepts %s', (_, document, kind) => {
    expect(parsePolicy(document, kind)).toHaveProperty('Statement');
  });

  it.each<readonly [string, string, RegExp]>([
    ['what is not JSON', '{', /^This policy contains invalid Json$/],
    ['what is no object', '"x"', /^Syntax errors in policy\./],
    ['no Statement', '{"Version":"2012-10-17"}', /^Syntax errors in policy\. \(Statement/],
    ['an empty Statement', '{"Statement":[]}', /^Syntax errors in policy\. \(Statement/],
    ['an unknown version', text({}, '2012-10-18'), /^Syntax errors in policy\. \(Version/],
    [
      'an unknown top-level element',
      JSON.stringify({ Statement: statement, Rules: [] }),
      /^Syntax errors in policy\. .*Rules/,
    ],
    ['an unknown element', text({ Actions: 'iam:*' }), /^Syntax errors in policy\. .*Actions/],
    ['an element in another case', text({ effect: 'Deny' }), /^Syntax errors in policy\. .*effect/],
    ['an unknown effect', text({ Effect: 'allow' }), /^Syntax errors in policy\. \(Statement\[0\]\.Effect/],
    ['no effect', text({ Effect: undefined }), /^Syntax errors in policy\. \(Statement\[0\]\.Effect/],
    ['an action that is no text', text({ Action: 5 }), /^Syntax errors in policy\. \(Statement\[0\]\.Action/],
    ['an empty list of actions', text({ Action: [] }), /^Syntax errors in policy\. \(Statement\[0\]\.Action/],
    [
      'a condition that is a list',
      text({ Condition: [] }),
      /^Syntax errors in policy\. \(Statement\[0\]\.Condition/,
    ],
    [
      'a condition value that is an object',
      text({ Condition: { Bool: { a: {} } } }),
      /^Syntax errors in policy\. \(Statement\[0\]\.Condition/,
    ],
    ['no action', text({ Action: undefined }), /must contain actions\.$/],
    ['Action and NotAction', text({ NotAction: 'iam:*' }), /not contain both actions/],
    ['no resource', text({ Resource: undefined }), /must contain resources\.$/],
    ['Resource and NotResource', text({ NotResource: '*' }), /not contain both resources/],
    [
      'an action without a service',
      text({ Action: 'ListUsers' }),
      /^Actions\/Conditions must be prefaced by a vendor/,
    ],
    [
      'a resource that is no ARN',
      text({ Resource: 'user/alice' }),
      /^Resource user\/alice must be in ARN format or "\*"\.$/,
    ],
    [
      'the short form in an identity policy',
      text({ Resource: 'execute-api:/local/*' }),
      /must be in ARN format/,
    ],
    [
      'an excepted principal',
      text({ NotPrincipal: '*' }),
      /^Policy document should not specify a principal\.$/,
    ],
    ['text before an action', text({ Action: '- iam:*' }), /prefaced by a vendor/],
    ['text after an action', text({ Action: 'iam:* or so' }), /prefaced by a vendor/],
    ['a resource with an ARN at its end', text({ Resource: 'x arn:' }), /must be in ARN format/],
    ['a principal', text({ Principal: '*' }), /^Policy document should not specify a principal\.$/],
    [
      'an unknown operator',
      text({ Condition: { StringEqual: { a: 'b' } } }),
      /^Invalid Condition type : StringEqual\.$/,
    ],
    [
      'repeated Sids',
      JSON.stringify({
        Statement: [
          { Sid: 'a', ...statement },
          { Sid: 'a', ...statement },
        ],
      }),
      /^Statement IDs/,
    ],
  ])('refuses %s', (_, document, message) => {
    expect(() => parsePolicy(document)).toThrow(message);
  });

  it.each<readonly [string, string, PolicyKind, RegExp]>([
    [
      'a resource policy with neither an ARN nor the short form',
      text({ Principal: '*', Resource: 'x' }),
      'resource',
      /must be in ARN format/,
    ],
    [
      'a trust policy with excepted resources',
      text({ Principal: '*', Resource: undefined, NotResource: '*' }),
      'trust',
      /prohibited field Resource/,
    ],
    ['a trust policy with a resource', text({ Principal: '*' }), 'trust', /prohibited field Resource/],
    [
      'a trust policy with NotPrincipal',
      text({ Effect: 'Deny', NotPrincipal: '*', Resource: undefined }),
      'trust',
      /prohibited field NotPrincipal/,
    ],
    [
      'a trust policy without principal',
      text({ Resource: undefined }),
      'trust',
      /Missing required field Principal/,
    ],
    ['a resource policy without principal', text({}), 'resource', /Missing required field Principal/],
    [
      'an Allow with NotPrincipal',
      text({ NotPrincipal: { AWS: '123456789012' } }),
      'resource',
      /prohibited field NotPrincipal/,
    ],
    [
      'Principal and NotPrincipal',
      text({ Effect: 'Deny', Principal: '*', NotPrincipal: '*' }),
      'resource',
      /both Principal and NotPrincipal/,
    ],
    [
      'an unknown kind of principal',
      text({ Principal: { User: 'alice' } }),
      'resource',
      /^Syntax errors in policy\./,
    ],
  ])('refuses %s', (_, document, kind, message) => {
    expect(() => parsePolicy(document, kind)).toThrow(message);
  });
});
