import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from '../../../local-aws/aws/filter-pattern.ts';

describe('a filter pattern', () => {
  it.each<[string, readonly unknown[], readonly unknown[]]>([
    [
      '{ $.audit IS TRUE }',
      [{ audit: true }],
      [{ audit: 'true' }, { audit: 1 }, { audit: false }, { x: true }],
    ],
    ['{ $.audit IS FALSE }', [{ audit: false }], [{ audit: true }, { audit: null }, {}]],
    ['{ $.audit IS NULL }', [{ audit: null }], [{ audit: false }, {}]],
    ['{ $.level = "ERROR" }', [{ level: 'ERROR' }], [{ level: 'INFO' }, {}]],
    ['{ $.level != "ERROR" }', [{ level: 'INFO' }], [{ level: 'ERROR' }, {}]],
    ['{ $.status = 429 }', [{ status: 429 }], [{ status: '429' }, { status: 42 }]],
    ['{$.a.b IS TRUE}', [{ a: { b: true } }], [{ a: { c: true } }, { a: true }, { 'a.b': true }]],
  ])('%s', (pattern, matching, others) => {
    const matches = parseFilterPattern(pattern);
    for (const line of matching) expect(matches(JSON.stringify(line))).toBe(true);
    for (const line of others) expect(matches(JSON.stringify(line))).toBe(false);
  });

  it('for JSON matches no other text', () => {
    const matches = parseFilterPattern('{ $.audit IS TRUE }');
    for (const line of ['"audit": true', '', '["audit"]', '{"audit":true', 'null'])
      expect(matches(line)).toBe(false);
  });

  it('that is empty matches everything', () => {
    expect(parseFilterPattern('')('anything')).toBe(true);
  });

  it.each(['ERROR', '[a, b]', '{ $.a IS TRUE && $.b IS TRUE }', '{ $.a = * }', '{ $.toString }'])(
    'of another kind is refused: %s',
    (pattern) => {
      expect(() => parseFilterPattern(pattern)).toThrow(
        `The filter pattern ${pattern} is not supported here`,
      );
    },
  );
});
