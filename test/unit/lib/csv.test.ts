import { expect, it } from 'vitest';
import { toCsvRows } from '../../../shared/lib/csv.ts';

it.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "a"', '"say ""a"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['=1+1', `"'=1+1"`],
])('the cell %j is written as %s', (cell, written) => {
  expect(toCsvRows([['first', cell, 'last']])).toBe(`first,${written},last\r\n`);
});
