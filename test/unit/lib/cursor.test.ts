import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../shared/devices/paging.ts';
import { cursors } from '../../../shared/lib/cursor.ts';

const key = 'a key of at least thirty-two characters';
const list = cursors(key, 'list-mfa-devices AIDA1');
const invalid = expect.objectContaining({
  code: 'validation-failed',
  extras: { errors: [expect.objectContaining({ pointer: '/query/cursor' })] },
});

describe('a cursor', () => {
  it.each(['active phone', 'ü', 'a'.repeat(300)])('leads back to its position %#', (position) => {
    expect(list.open(list.seal(position))).toBe(position);
  });

  it('does not show its position to who only looks', () => {
    expect(Buffer.from(list.seal('active phone'), 'base64url').toString('latin1')).not.toContain('phone');
  });

  const sealed = list.seal('active phone');
  it.each([
    ['of another user', cursors(key, 'list-mfa-devices AIDA2').seal('active phone')],
    ['of another list', cursors(key, 'list-users AIDA1').seal('active phone')],
    ['of another deployment', cursors(`${key}!`, 'list-mfa-devices AIDA1').seal('active phone')],
    [
      'with another position',
      Buffer.concat([Buffer.from(sealed, 'base64url').subarray(0, 32), Buffer.from('x')]).toString(
        'base64url',
      ),
    ],
    ['cut short', sealed.slice(0, -1)],
    ['with something behind it', `${sealed}A`],
    ['with padding', `${sealed}=`],
    ['with a changed character', `${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`],
    ['of just a tag', Buffer.from(sealed, 'base64url').subarray(0, 32).toString('base64url')],
    ['that is empty', ''],
    ['that is none', 'next'],
  ])('%s is refused', (_, cursor) => {
    expect(() => list.open(cursor)).toThrowError(invalid);
  });
});

describe('a page', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const page = (of: readonly string[], limit: number, cursor?: string) =>
    pageOf(of, (item) => item, { limit, cursor }, list);

  it('and the ones after it show everything once', () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { items: shown, next } = page(items, 2, cursor);
      expect(shown.length).toBeLessThanOrEqual(2);
      seen.push(...shown);
      cursor = next;
    } while (cursor !== undefined);

    expect(seen).toEqual(items);
  });

  it.each([5, 6, 1000])('of %d items is the last when there are no more', (limit) => {
    expect(page(items, limit)).toEqual({ items });
  });

  it('of nothing has nothing', () => {
    expect(page([], 1)).toEqual({ items: [] });
  });

  it('goes on at the right place though its last item is gone and another came before', () => {
    const { next } = page(items, 2);

    expect(page(['a', 'aa', 'c', 'd'], 2, next).items).toEqual(['c', 'd']);
  });
});
