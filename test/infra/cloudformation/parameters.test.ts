import { describe, expect, it } from 'vitest';
import { parameterValues } from '../../../infra/cloudformation/parameters.ts';
import type { TemplateParameter } from '../../../infra/cloudformation/template.ts';

const parameter = (constraints: Partial<TemplateParameter>): TemplateParameter => ({
  Type: 'String',
  Description: 'For tests',
  ...constraints,
});

describe("a parameter's value", () => {
  const declared = { Age: parameter({ Type: 'Number', Default: 900 }), Sender: parameter({ Default: '' }) };

  it('is the given one, or its default as text', () => {
    expect(parameterValues(declared, {})).toEqual({ Age: '900', Sender: '' });
    expect(parameterValues(declared, { Age: '5', Sender: 'me' })).toEqual({ Age: '5', Sender: 'me' });
  });

  it('must be given if there is no default', () => {
    const without = { ...declared, Stage: parameter({}), Topic: parameter({}) };
    expect(() => parameterValues(without, {})).toThrow('Parameters: [Stage, Topic] must have values');
    expect(parameterValues(without, { Stage: '', Topic: 't' })).toMatchObject({ Stage: '', Topic: 't' });
  });

  it.each(['Agee', 'toString', '__proto__'])('cannot be given to %s, which the template lacks', (name) => {
    expect(() => parameterValues(declared, JSON.parse(`{"${name}":"1"}`))).toThrow(
      `Parameters: [${name}] do not exist in the template`,
    );
  });
});

describe('a constraint', () => {
  const pattern = '[a-z]+|x-1';
  it.each<[string, Partial<TemplateParameter>, string[], string[]]>([
    [
      'must be one of AllowedValues: [open, pass]',
      { AllowedValues: ['open', 'pass'] },
      ['open'],
      ['', 'Open', 'open '],
    ],
    [
      'must be one of AllowedValues: [1, 2]',
      { Type: 'Number', AllowedValues: [1, 2] },
      ['1', '2'],
      ['3', ''],
    ],
    [
      `must match pattern ${pattern}`,
      { AllowedPattern: pattern },
      ['abc', 'x-1'],
      ['', 'abc1', '1abc', 'abc\n', 'x-12'],
    ],
    [
      'must be a number',
      { Type: 'Number' },
      ['0', '-1', '2.5', '1e3'],
      ['', ' 1', '0x10', 'NaN', 'Infinity', '1s'],
    ],
    ['must be a number not less than 0', { Type: 'Number', MinValue: 0 }, ['0', '7'], ['-1']],
    ['must be a number not greater than 9', { Type: 'Number', MaxValue: 9 }, ['9', '-1'], ['10', '9.1']],
    ['must contain at least 2 characters', { MinLength: 2 }, ['ab'], ['', 'a']],
    ['must contain at most 2 characters', { MaxLength: 2 }, ['', 'ab'], ['abc']],
  ])('%s', (message, constraints, fitting, unfitting) => {
    const declared = { It: parameter(constraints) };
    for (const It of fitting) expect(parameterValues(declared, { It })).toEqual({ It });
    for (const It of unfitting) {
      expect(() => parameterValues(declared, { It })).toThrow(`Parameter 'It' ${message}`);
    }
  });

  it('holds for defaults too', () => {
    expect(() => parameterValues({ It: parameter({ Default: 'a', MinLength: 2 }) }, {})).toThrow(
      "'It' must contain",
    );
  });

  it('is explained by its own description', () => {
    const ConstraintDescription = 'must be an origin';
    const declared = { It: parameter({ AllowedPattern: 'https:.+', ConstraintDescription }) };
    expect(() => parameterValues(declared, { It: 'x' })).toThrow(
      'Parameter It failed to satisfy constraint: must be an origin',
    );
  });

  it('that is broken is reported with all the others', () => {
    const declared = { One: parameter({ MinLength: 1 }), Two: parameter({ AllowedValues: ['2'] }) };
    expect(() => parameterValues(declared, { One: '', Two: '' })).toThrow(/'One'.*; .*'Two'/);
  });
});
