import { describe, expect, it } from 'vitest';
import { isMet, type Row, tableOf } from './row.ts';

const row = (over: Partial<Row>): Row => ({
  what: 'start',
  value: 2,
  unit: '',
  detail: 'of a bundle',
  ...over,
});

describe('a row', () => {
  it.each([
    { value: 1.95, reach: { atMost: 1.95 }, met: true },
    { value: 1.951, reach: { atMost: 1.95 }, met: false },
    { value: 10, reach: { atLeast: 10 }, met: true },
    { value: 9.99, reach: { atLeast: 10 }, met: false },
    { value: 1.99, reach: { below: 2 }, met: true },
    { value: 2, reach: { below: 2 }, met: false },
    { value: undefined, reach: { atLeast: 10 }, met: undefined },
    { value: Number.NaN, reach: { atMost: 1 }, met: false },
  ])('of $value meets $reach: $met', ({ value, reach, met }) => {
    expect(isMet(row({ value, reach }))).toBe(met);
  });

  it('without a target is neither met nor missed', () => {
    expect(isMet(row({}))).toBeUndefined();
  });
});

describe('the table', () => {
  it('has a line per row, in columns', () => {
    const text = tableOf([
      row({ value: 1.234, reach: { atMost: 1.95 } }),
      row({ what: 'chain', value: 12.5, unit: 'µs', reach: { atMost: 10 } }),
      row({ what: 'moto', value: undefined, reach: { atLeast: 10 }, detail: 'not installed' }),
      row({ what: 'tool', value: 1.5, reach: { below: 2 } }),
      row({ what: 'count', value: 17 }),
    ]);
    expect(text.split('\n')).toEqual([
      'what   value     target           of',
      'start  1.23      ≤ 1.95   met     of a bundle',
      'chain  12.50 µs  ≤ 10 µs  MISSED  of a bundle',
      'moto   –         ≥ 10             not installed',
      'tool   1.50      < 2      met     of a bundle',
      'count  17                         of a bundle',
    ]);
  });
});
