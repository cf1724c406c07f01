import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../shared/devices/paging.ts';
import type { Cursors } from '../../../shared/lib/cursor.ts';

/** Readable cursors. */
const open: Cursors = { seal: (position) => `after ${position}`, open: (cursor) => cursor.slice(6) };
const page = (items: readonly string[], limit: number, cursor?: string) =>
  pageOf(items, (item) => item, { limit, cursor }, open);

describe('a page', () => {
  it.each([
    ['of an empty list', [], 2, undefined, { items: [] }],
    ['of a list that fits exactly', ['a', 'b'], 2, undefined, { items: ['a', 'b'] }],
    ['of a longer list', ['a', 'b', 'c'], 2, undefined, { items: ['a', 'b'], next: 'after b' }],
    ['that goes on', ['a', 'b', 'c'], 2, 'after b', { items: ['c'] }],
    [
      'after an item that is gone',
      ['a', 'c', 'd', 'e'],
      2,
      'after b',
      { items: ['c', 'd'], next: 'after d' },
    ],
    ['after the end', ['a'], 2, 'after z', { items: [] }],
  ])('%s', (_, items, limit, cursor, expected) => {
    expect(page(items, limit, cursor)).toEqual(expected);
  });
});
