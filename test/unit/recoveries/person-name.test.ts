import { describe, expect, it } from 'vitest';
import { samePerson } from '../../../shared/recoveries/person-name.ts';

describe('two names', () => {
  it.each([
    ['ann', ' ANN '],
    ['ann', '\uff41\uff4e\uff4e'],
    ['ann', '\u{1d41a}nn'],
    ['joe', '\u0458\u043e\u0435'],
    ['bob', '\u0412\u041e\u0412'],
    ['pat', 'p\u0430t'],
    ['pat', 'p\u0251t'],
    ['\u0412\u041e\u0412', '\u0432\u043e\u0432'],
  ])('that only look the same are those of one person: %j and %j', (one, other) => {
    expect(samePerson(one, other)).toBe(true);
    expect(samePerson(other, one)).toBe(true);
  });

  it.each([
    ['ann', 'anne'],
    ['ann', 'a nn'],
    ['Ann Smith', 'ann@example.com'],
    ['\u0418\u0440\u0438\u043d\u0430', 'irina'],
  ])('that differ are those of two: %j and %j', (one, other) => {
    expect(samePerson(one, other)).toBe(false);
  });
});
