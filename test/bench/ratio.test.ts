import { describe, expect, it } from 'vitest';
import { ratioRow } from './ratio.ts';
import { isMet } from './row.ts';

describe('the row of a ratio', () => {
  it('divides the medians and shows them', () => {
    expect(ratioRow('ours / theirs', [30, 1, 2], [8, 4, 900])).toEqual({
      what: 'ours / theirs',
      value: 0.25,
      unit: '',
      detail: 'p50 of 3: 2.00 and 8.00 ms',
      figures: { millis: 2, againstMillis: 8 },
    });
  });

  it.each([
    { atMost: 0.25, met: true },
    { atMost: 0.24, met: false },
  ])('is checked against its target of $atMost: $met', ({ atMost, met }) => {
    expect(isMet(ratioRow('ours / theirs', [2], [8], { reach: { atMost } }))).toBe(met);
  });

  it('puts its note after the medians', () => {
    const { detail } = ratioRow('ours / theirs', [2], [8], { note: 'theirs is 1.0' });
    expect(detail).toBe('p50 of 1: 2.00 and 8.00 ms; theirs is 1.0');
  });
});
