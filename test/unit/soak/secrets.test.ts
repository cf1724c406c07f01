import { expect, it } from 'vitest';
import { Random } from '../../soak/random.ts';
import { Secrets } from '../../soak/secrets.ts';

it('secrets are found in long texts, also encoded, and not shown', () => {
  const secrets = new Secrets();
  secrets.note('session token', 'IQoJb3JpZ2lu/2luX2VjEJr+=');
  const text = `${'x'.repeat(1000)} token=IQoJb3JpZ2lu%2F2luX2VjEJr%2B%3D, IQoJb3JpZ2lu/2luX2VjEJr+=`;

  const leaks = secrets.leaksIn(text);

  expect(leaks).toHaveLength(2);
  expect(leaks.join()).toContain('session token after');
  expect(secrets.leaksIn('IQoJb3JpZ2lu/2luX2Vj')).toEqual([]);
});

it.each([
  ['code=123456', 1],
  ['"123456"', 1],
  ['1123456', 0],
  ['0.123456', 0],
  ['a-123456', 0],
  ['654321', 0],
])('codes are found where no number or id is: %s', (text, found) => {
  const secrets = new Secrets();
  secrets.noteCode('123456');
  expect(secrets.leaksIn(text)).toHaveLength(found);
});

it('choices follow from the seed', () => {
  const choices = (seed: string) => {
    const random = new Random(seed).fork('part');
    return Array.from({ length: 50 }, () => random.between(1, 6));
  };
  expect(choices('a')).toEqual(choices('a'));
  expect(choices('a')).not.toEqual(choices('b'));
  expect(new Set(choices('a'))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
});
