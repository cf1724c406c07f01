import { describe, expect, it } from 'vitest';
import { preferredMedia } from '../../../shared/http/media.ts';

const offered = ['image/png', 'image/svg+xml', 'text/plain'] as const;

describe('the representation', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['*/*', undefined],
    ['application/json', undefined],
    ['image/png', 'image/png'],
    ['IMAGE/PNG', 'image/png'],
    ['text/plain; q=0.5, image/svg+xml', 'image/svg+xml'],
    ['application/json; q=0.1, text/plain', 'text/plain'],
    ['text/plain; q=0.1, application/json', undefined],
    ['text/html, image/webp, image/png;q=0.8, */*;q=0.5', 'image/png'],
    ['image/png;q=0', undefined],
    ['image/png;q=high', undefined],
    ['image/gif', undefined],
  ])('for Accept %j is %j', (accept, expected) => {
    expect(preferredMedia(accept, offered)).toBe(expected);
  });

  it('is JSON where nothing else is offered', () => {
    expect(preferredMedia('image/png', [])).toBeUndefined();
  });
});
