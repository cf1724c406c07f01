import { describe, expect, it } from 'vitest';
import { isBinary, wantsBinary } from '../../../../local-aws/gateway/media-types.ts';

describe('isBinary', () => {
  it.each([
    ['image/png', ['image/png'], true],
    ['Image/PNG; charset=x', ['image/png'], true],
    ['image/svg+xml', ['image/png'], false],
    ['image/gif', ['image/*'], true],
    ['imagery/gif', ['image/*'], false],
    ['text/plain', ['*/*'], true],
    ['', ['*/*'], false],
    [undefined, ['*/*'], false],
    ['image/png', [], false],
  ])('tells of %s among %j: %s', (type, binary, expected) => {
    expect(isBinary(type, binary)).toBe(expected);
  });
});

describe('wantsBinary', () => {
  it.each([
    ['image/png', true],
    ['image/png;q=0.1, application/json', true],
    ['application/json, image/png', false],
    [undefined, false],
  ])('goes by the first type of %s: %s', (accept, expected) => {
    expect(wantsBinary(accept, ['image/png'])).toBe(expected);
  });
});
