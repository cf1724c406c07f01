import { describe, expect, it } from 'vitest';
import { base32 } from '../../../shared/lib/base32.ts';

describe('base32', () => {
  // Source: RFC 4648, section 10; in lower case and without padding.
  it.each([
    ['', ''],
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
    ['foobar', 'mzxw6ytboi'],
  ])('of %j is %j', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });

  it('keeps all bits of long input', () => {
    expect(base32(Buffer.alloc(40, 0xff))).toBe('7'.repeat(64));
  });
});
