import { describe, expect, it } from 'vitest';
import { withParameters } from '../../../infra/cloudformation/with-parameters.ts';
import { queue, template } from './template.ts';

const text = (Default?: string) => ({
  Type: 'String' as const,
  Description: 'Any',
  ...(Default !== undefined && { Default }),
});

/** What one value of a property becomes, with the parameter Stage and an optional one. */
function propertyOf(value: unknown, given: Readonly<Record<string, string>> = {}) {
  const decided = withParameters(
    template({
      Parameters: { Stage: text(), Topic: text('') },
      Conditions: {
        HasTopic: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Topic' }, ''] }] },
        IsCommercial: { 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] },
      },
      Resources: { It: { Type: queue, Properties: { value } }, Other: { Type: queue } },
    }),
    { Stage: 'live', ...given },
  );
  return decided.Resources['It']?.Properties?.['value'];
}

describe('a template with the values of its parameters', () => {
  it('has no parameters and conditions any more', () => {
    const decided = withParameters(
      template({ Parameters: { Stage: text('live') }, Conditions: { No: { 'Fn::Equals': ['a', 'b'] } } }),
      {},
    );
    expect(decided).toMatchObject({ Parameters: {}, Conditions: {} });
  });

  it('has only the resources and outputs whose condition is true, and these without it', () => {
    const blocks = {
      Parameters: { Topic: text('') },
      Conditions: {
        HasTopic: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Topic' }, ''] }] },
        HasNone: { 'Fn::Not': [{ Condition: 'HasTopic' }] },
      },
      Resources: {
        With: { Type: queue, Condition: 'HasTopic' },
        Without: { Type: queue, Condition: 'HasNone' },
      },
      Outputs: { With: { Condition: 'HasTopic', Value: 'x' }, Always: { Value: 'y' } },
    };
    expect(withParameters(template(blocks), {})).toMatchObject({
      Resources: { Without: { Type: queue } },
      Outputs: { Always: { Value: 'y' } },
    });
    const { Resources, Outputs } = withParameters(template(blocks), { Topic: 'arn' });
    expect(Resources).toEqual({ With: { Type: queue } });
    expect(Outputs).toEqual({ With: { Value: 'x' }, Always: { Value: 'y' } });
  });

  it.each<[string, unknown, unknown]>([
    ['a reference to a parameter', { Ref: 'Stage' }, 'live'],
    ['a reference to a resource', { Ref: 'Other' }, { Ref: 'Other' }],
    ['an attribute', { 'Fn::GetAtt': ['Other', 'Arn'] }, { 'Fn::GetAtt': ['Other', 'Arn'] }],
    ['text with nothing but parameters', { 'Fn::Sub': `a-\${Stage}` }, 'a-live'],
    [
      'text that also has references',
      { 'Fn::Sub': `\${AWS::Region}-\${Stage}-\${Other.Arn}-\${!own}` },
      { 'Fn::Sub': `\${AWS::Region}-live-\${Other.Arn}-\${!own}` },
    ],
    [
      'text with variables of its own',
      { 'Fn::Sub': [`\${Stage}-\${X}`, { X: { Ref: 'Stage' } }] },
      { 'Fn::Sub': [`live-\${X}`, { X: 'live' }] },
    ],
    ['a choice', { 'Fn::If': ['HasTopic', 'one', ['other', { Ref: 'Stage' }]] }, ['other', 'live']],
    ['a choice by the partition', { 'Fn::If': ['IsCommercial', 1, 2] }, 1],
    ['an element that is nothing', ['a', { 'Fn::If': ['HasTopic', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
    ['a member that is nothing', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['a condition of a policy', { Condition: { Bool: { x: true } } }, { Condition: { Bool: { x: true } } }],
  ])('has %s replaced, or left, as it should', (_, value, expected) => {
    expect(propertyOf(value)).toEqual(expected);
  });

  it('takes the given values', () => {
    const value = { 'Fn::If': ['HasTopic', { Ref: 'Topic' }, 'none'] };
    expect([propertyOf(value), propertyOf(value, { Topic: 'arn' })]).toEqual(['none', 'arn']);
  });

  it.each([{ Stage: 'live', Unknown: 'x' }, {}])('refuses %j', (given) => {
    expect(() => withParameters(template({ Parameters: { Stage: text() } }), given)).toThrow('Parameters');
  });
});
