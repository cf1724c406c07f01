import { describe, expect, it } from 'vitest';
import { interleave, median, percentile, shuffled, tail } from './measure.ts';

describe('a percentile', () => {
  const hundred = shuffled(Array.from({ length: 100 }, (_, index) => index + 1));

  it.each([
    { share: 0, value: 1 },
    { share: 0.5, value: 50 },
    { share: 0.99, value: 99 },
    { share: 0.991, value: 100 },
    { share: 1, value: 100 },
  ])('of $share of 1 to 100 is $value, in any order', ({ share, value }) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it('compares numbers, not their digits', () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  it('of a single sample is that sample', () => {
    expect([percentile([7], 0.01), percentile([7], 0.99)]).toEqual([7, 7]);
  });

  it('of no samples is an error', () => {
    expect(() => median([])).toThrow('no samples');
  });

  it('does not reorder the samples', () => {
    const samples = [3, 1, 2];
    median(samples);
    expect(samples).toEqual([3, 1, 2]);
  });

  it('of the tail is reported as a multiple of the median', () => {
    const samples = [...Array<number>(98).fill(2), 6, 6];
    expect(tail(samples)).toBe(3);
  });
});

describe('a random order', () => {
  it('has every item once and follows the given random numbers', () => {
    expect(shuffled(['a', 'b', 'c', 'd'], () => 0)).toEqual(['a', 'b', 'c', 'd']);
    expect(shuffled(['a', 'b', 'c', 'd'], () => 0.999)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('yields every order', () => {
    const orders = new Set(Array.from({ length: 500 }, () => shuffled(['a', 'b', 'c']).join('')));
    expect([...orders].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });
});

describe('interleaved measuring', () => {
  it('measures each contestant once a round, one at a time, in a new order each round', async () => {
    const order: string[] = [];
    let underWay = 0;
    const contestant = (name: string, value: number) => async () => {
      order.push(name);
      underWay += 1;
      await Promise.resolve();
      expect(underWay).toBe(1);
      underWay -= 1;
      return value;
    };
    const draws = [0, 0, 0.9, 0];

    const samples = await interleave(
      { one: contestant('one', 1), two: contestant('two', 2) },
      2,
      () => draws.shift() ?? 0,
    );

    expect(samples).toEqual({ one: [1, 1], two: [2, 2] });
    expect(order).toEqual(['one', 'two', 'two', 'one']);
  });

  it('stops at the first failure', async () => {
    const failing = () => Promise.reject(new Error('refused'));
    await expect(interleave({ failing }, 3)).rejects.toThrow('refused');
  });
});
