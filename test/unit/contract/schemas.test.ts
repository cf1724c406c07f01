import { describe, expect, it } from 'vitest';
import { deviceLabel, tagKey } from '../../../shared/contract/schemas.ts';

describe.each([
  ['label', deviceLabel, 256],
  ['key of a tag', tagKey, 128],
] as const)('a %s', (_what, schema, most) => {
  it.each([
    ['a letter', 'a', 1],
    ['a letter of two bytes', 'é', 1],
    ['a letter beyond the basic plane, which AWS may count twice', '𐀃', 2],
  ])('can be full of %s but no longer', (_letter, letter, units) => {
    const full = letter.repeat(most / units);
    expect(schema.safeParse(full).success).toBe(true);
    expect(schema.safeParse(full + letter).error?.issues).toHaveLength(1);
  });

  it.each(['', '<script>', 'a\n', '📱'])('cannot be %j', (text) => {
    expect(schema.safeParse(text).error?.issues).toHaveLength(1);
  });
});
