import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../../shared/lib/map-concurrently.ts';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('calls for several items', () => {
  it('return their results in order, whichever ends first', async () => {
    const results = await mapConcurrently([3, 1, 2], 2, async (item) => {
      for (let left = item; left > 0; left -= 1) await tick();
      return item * 10;
    });

    expect(results).toEqual([30, 10, 20]);
  });

  it.each([
    { items: 10, most: 4, expected: 4 },
    { items: 3, most: 4, expected: 3 },
    { items: 5, most: 1, expected: 1 },
    { items: 0, most: 4, expected: 0 },
  ])('are at most $most at a time for $items', async ({ items, most, expected }) => {
    const seen = { now: 0, most: 0 };

    await mapConcurrently(Array.from({ length: items }), most, async () => {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      await tick();
      seen.now -= 1;
    });

    expect(seen).toEqual({ now: 0, most: expected });
  });

  it('end with the first failure, and no other is started', async () => {
    const started: number[] = [];

    const failing = mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => {
      started.push(item);
      await tick();
      if (item === 2) throw new Error('the second');
    });

    await expect(failing).rejects.toThrow('the second');
    await tick();
    await tick();
    expect(started).not.toContain(4);
    expect(started).not.toContain(5);
  });
});
