import { describe, expect, it } from 'vitest';
import { outputOf, place, propertyOf, queue, resolve } from './template.ts';

const Parameters = { Stage: { Type: 'String', Description: '', Default: 'test' } } as const;
const Resources = { Letters: { Type: queue, Properties: { QueueName: { 'Fn::Sub': 'letters-${Stage}' } } } };
const blocks = { Parameters, Resources };
const arn = 'arn:aws:sqs:eu-central-1:123456789012:letters-test';

describe('an intrinsic function', () => {
  it.each<[unknown, string]>([
    [{ Ref: 'Stage' }, 'test'],
    [{ Ref: 'Letters' }, 'https://sqs.eu-central-1.amazonaws.com/123456789012/letters-test'],
    [{ Ref: 'AWS::AccountId' }, '123456789012'],
    [{ Ref: 'AWS::StackName' }, 'shop-test'],
    [{ 'Fn::GetAtt': ['Letters', 'Arn'] }, arn],
    [{ 'Fn::GetAtt': 'Letters.Arn' }, arn],
    [{ 'Fn::Sub': 'a-${Stage}-${AWS::Region}' }, 'a-test-eu-central-1'],
    [{ 'Fn::Sub': '${Letters.Arn}' }, arn],
    [
      { 'Fn::Sub': '${!aws:username}/${!Stage}/$Stage/{Stage}/$${Stage}' },
      '${aws:username}/${Stage}/$Stage/{Stage}/$test',
    ],
    [{ 'Fn::Sub': ['${Stage}-${Own}', { Own: { Ref: 'AWS::Partition' }, Stage: 'mine' }] }, 'mine-aws'],
    [{ 'Fn::Sub': ['${n}${b}', { n: 5, b: true }] }, '5true'],
    [{ 'Fn::Join': [':', ['a', { Ref: 'Stage' }, 3, { Ref: 'AWS::NoValue' }]] }, 'a:test:3'],
    [{ 'Fn::Join': ['+', { 'Fn::Split': ['-', 'a-b-'] }] }, 'a+b+'],
    [{ 'Fn::Select': [1, ['a', { Ref: 'Stage' }]] }, 'test'],
    [{ 'Fn::Select': ['0', { 'Fn::Split': [',', 'https://a,https://b'] }] }, 'https://a'],
    [{ 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Letters', 'Arn'] }] }] }, 'letters-test'],
  ])('%j returns %s', (call, result) => {
    expect(outputOf(call, blocks)).toBe(result);
    expect(propertyOf({ deep: [call] }, blocks)).toEqual({ deep: [result] });
  });

  it.each<[unknown, string]>([
    [{ Ref: 'Nothing' }, 'unresolved dependency [Nothing]'],
    [{ Ref: 'toString' }, 'unresolved dependency [toString]'],
    [{ Ref: ['Stage'] }, 'Ref needs a string'],
    [{ 'Fn::GetAtt': ['Nothing', 'Arn'] }, 'unresolved dependency [Nothing]'],
    [{ 'Fn::GetAtt': ['Stage', 'Arn'] }, 'unresolved dependency [Stage]'],
    [{ 'Fn::GetAtt': 'Letters' }, 'Fn::GetAtt needs a logical id and an attribute'],
    [{ 'Fn::GetAtt': ['Letters', 'Size'] }, 'Letters (AWS::SQS::Queue) does not support attribute Size'],
    [{ 'Fn::GetAtt': ['Letters', 'constructor'] }, 'does not support attribute constructor'],
    [{ 'Fn::Sub': '${Nothing}' }, 'unresolved dependency [Nothing]'],
    [{ 'Fn::Sub': '${Nothing.Arn}' }, 'unresolved dependency [Nothing]'],
    [{ 'Fn::Sub': '${aws:username}' }, 'unresolved dependency [aws:username]'],
    [{ 'Fn::Sub': '${AWS::NoValue}' }, 'every value of Fn::Sub must be a string'],
    [{ 'Fn::Sub': ['${list}', { list: ['a'] }] }, 'every value of Fn::Sub must be a string'],
    [{ 'Fn::Sub': ['a'] }, 'Fn::Sub needs a list of 2 arguments'],
    [{ 'Fn::Join': ['', 'text'] }, 'Fn::Join needs a list'],
    [{ 'Fn::Join': ['', [['a']]] }, 'every value of Fn::Join must be a string'],
    [{ 'Fn::Join': [{ Ref: 'Stage' }, []] }, 'Fn::Join needs a string'],
    [{ 'Fn::Select': [2, ['a', 'b']] }, 'Fn::Select cannot select nonexistent value at index 2'],
    [{ 'Fn::Select': ['-1', ['a']] }, 'nonexistent value at index -1'],
    [{ 'Fn::Select': ['length', ['a']] }, 'nonexistent value at index length'],
    [{ 'Fn::Split': ['', ['a']] }, 'every value of Fn::Split must be a string'],
    [{ 'Fn::ImportValue': 'x' }, 'unknown intrinsic function Fn::ImportValue'],
    [{ Ref: 'Stage', other: 1 }, 'Ref must be the only key of its object'],
  ])('%j is an error that names the place', (call, message) => {
    expect(() => propertyOf([call], blocks)).toThrow(`Resources.It: Template`);
    expect(() => propertyOf([call], blocks)).toThrow(message);
    expect(() => outputOf(call, blocks)).toThrow(message);
  });

  it('leaves what is no call as it is', () => {
    const value = {
      Condition: { Null: { 'aws:TagKeys': 'false' } },
      n: 1,
      no: false,
      nothing: null,
      'Fn:': [],
    };
    expect(propertyOf(value)).toEqual(value);
  });
});

describe('a pseudo parameter', () => {
  it.each<[string, unknown]>([
    ['AccountId', '123456789012'],
    ['Region', 'cn-north-1'],
    ['Partition', 'aws-cn'],
    ['URLSuffix', 'amazonaws.com.cn'],
    ['StackName', 'shop-test'],
    ['NotificationARNs', []],
    [
      'StackId',
      expect.stringMatching(/^arn:aws-cn:cloudformation:cn-north-1:\d{12}:stack\/shop-test\/[0-9a-f-]{36}$/),
    ],
  ])('%s has its value in the place', (name, value) => {
    const china = { ...place, region: 'cn-north-1', partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn' };
    expect(propertyOf({ Ref: `AWS::${name}` }, {}, { place: china })).toEqual(value);
  });

  it('AWS::NoValue removes a property or an element', () => {
    const { resources } = resolve({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: {
        It: {
          Type: queue,
          Properties: {
            KmsMasterKeyId: { 'Fn::If': ['Never', 'key', { Ref: 'AWS::NoValue' }] },
            Tags: [
              { 'Fn::If': ['Never', 'one', { Ref: 'AWS::NoValue' }] },
              'two',
              { a: { Ref: 'AWS::NoValue' } },
            ],
          },
        },
      },
    });
    expect(resources['It']?.properties).toEqual({ Tags: ['two', {}] });
  });
});
