import { describe, expect, it } from 'vitest';
import { outputOf, queue, resolve } from './template.ts';

const Parameters = {
  Sender: { Type: 'String', Description: '', Default: '' },
  Kind: { Type: 'String', Description: '', Default: 'REGIONAL' },
} as const;
const equal = { 'Fn::Equals': ['a', 'a'] };
const unequal = { 'Fn::Equals': ['a', 'A'] };

const decided = (It: unknown, others: Readonly<Record<string, unknown>> = {}) =>
  outputOf({ 'Fn::If': ['It', 'true', 'false'] }, { Parameters, Conditions: { It, ...others } }) === 'true';

describe('a condition', () => {
  it.each<[unknown, boolean]>([
    [equal, true],
    [unequal, false],
    [{ 'Fn::Equals': [{ Ref: 'Sender' }, ''] }, true],
    [{ 'Fn::Equals': [{ Ref: 'Kind' }, 'REGIONAL'] }, true],
    [{ 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] }, true],
    [{ 'Fn::Equals': [1, '1'] }, true],
    [{ 'Fn::Equals': [{ 'Fn::Sub': '${Kind}-${AWS::Region}' }, 'REGIONAL-eu-central-1'] }, true],
    [{ 'Fn::Equals': [{ 'Fn::Join': ['', ['a', { Ref: 'Sender' }]] }, 'a'] }, true],
    [{ 'Fn::Equals': [{ 'Fn::Select': [0, { 'Fn::Split': [',', 'a,b'] }] }, 'a'] }, true],
    [{ 'Fn::Not': [equal] }, false],
    [{ 'Fn::Not': [{ Condition: 'Other' }] }, true],
    [{ Condition: 'Other' }, false],
    [{ 'Fn::And': [equal, equal, unequal] }, false],
    [{ 'Fn::And': [equal, { 'Fn::Not': [unequal] }] }, true],
    [{ 'Fn::Or': [unequal, unequal] }, false],
    [{ 'Fn::Or': [unequal, equal] }, true],
  ])('%j is %s', (condition, result) => {
    expect(decided(condition, { Other: unequal })).toBe(result);
  });

  it.each<[unknown, string]>([
    [{ 'Fn::And': [equal] }, 'Fn::And needs between 2 and 10 conditions'],
    [{ 'Fn::Or': Array(11).fill(equal) }, 'Fn::Or needs between 2 and 10 conditions'],
    [{ 'Fn::Not': [equal, equal] }, 'Fn::Not needs a list of 1 arguments'],
    [{ 'Fn::Equals': ['a'] }, 'Fn::Equals needs a list of 2 arguments'],
    [{ 'Fn::Equals': [['a'], ['a']] }, 'every value of Fn::Equals must be a string'],
    [{ 'Fn::Equals': [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, ''] }, 'unresolved dependency [Queue]'],
    [{ 'Fn::Equals': [{ Ref: 'Queue' }, ''] }, 'unresolved dependency [Queue]'],
    [{ Condition: 'Missing' }, 'unresolved dependency [Missing]'],
    [{ 'Fn::Not': [{ Condition: 'Missing' }] }, 'unresolved dependency [Missing]'],
    [{ 'Fn::If': ['Other', 'a', 'b'] }, 'Fn::If is not a condition function'],
    [{ Ref: 'Sender' }, 'Ref is not a condition function'],
    ['true', 'this is not a condition function'],
    [{ Condition: 'It' }, 'Circular dependency in condition It'],
  ])('%j is an error that names the condition', (condition, message) => {
    const Resources = { Queue: { Type: queue } };
    const wrong = () => resolve({ Parameters, Resources, Conditions: { It: condition, Other: equal } });
    expect(wrong).toThrow(message);
    expect(wrong).toThrow(/Conditions\.It: |in condition It/);
  });
});

describe('what a condition decides', () => {
  const Conditions = { HasSender: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Sender' }, ''] }] } };
  const Resources = {
    Mails: { Type: queue, Condition: 'HasSender' },
    Reader: { Type: queue, DependsOn: ['Mails', 'Others'] },
    Others: { Type: queue, DependsOn: 'Mails' },
  };
  const Outputs = { Mails: { Value: { Ref: 'Mails' }, Condition: 'HasSender' } };
  const all = { Parameters, Conditions, Resources, Outputs };
  const withSender = { parameters: { Sender: 'me' } };

  it('is whether a resource or an output exists', () => {
    expect(Object.keys(resolve(all).resources)).toEqual(['Reader', 'Others']);
    expect(resolve(all).outputs).toEqual({});
    expect(Object.keys(resolve(all, withSender).resources)).toEqual(['Mails', 'Reader', 'Others']);
    expect(Object.keys(resolve(all, withSender).outputs)).toEqual(['Mails']);
  });

  it('removes what does not exist from dependencies', () => {
    expect(resolve(all).resources['Reader']?.dependsOn).toEqual(['Others']);
    expect(resolve(all, withSender).resources['Reader']?.dependsOn).toEqual(['Mails', 'Others']);
  });

  it.each<[string, unknown]>([
    ['Ref', { Ref: 'Mails' }],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Mails', 'Arn'] }],
    ['Fn::Sub', { 'Fn::Sub': 'x${Mails.Arn}' }],
  ])('makes a %s to what does not exist an error', (_name, value) => {
    const referring = { ...all, Resources: { ...Resources, It: { Type: queue, Properties: { value } } } };
    expect(() => resolve(referring)).toThrow(
      'Resources.It: Template format error: unresolved dependency [Mails]: its condition is false',
    );
    expect(Object.keys(resolve(referring, withSender).resources)).toContain('It');
  });

  it('is which branch of Fn::If is evaluated, though both are checked', () => {
    const choice = (then: unknown) => ({ 'Fn::If': ['HasSender', then, 'none'] });
    expect(
      outputOf(choice({ Ref: 'Mails' }), { ...all, Outputs: { It: { Value: choice({ Ref: 'Mails' }) } } }),
    ).toBe('none');
    expect(() => outputOf(choice({ Ref: 'Mail' }), { Parameters, Conditions, Resources })).toThrow(
      'unresolved dependency [Mail]',
    );
    expect(() => outputOf({ 'Fn::If': ['HasSendr', 'a', 'b'] }, { Parameters, Conditions })).toThrow(
      '[HasSendr]',
    );
    expect(() => outputOf({ 'Fn::If': ['HasSender', 'a'] }, { Parameters, Conditions })).toThrow('list of 3');
  });
});
