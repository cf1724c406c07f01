import { describe, expect, it } from 'vitest';
import { turns } from '../../../shared/lib/turns.ts';

describe('turns', () => {
  it('let as many run at a time as they should, in the order in which they came', async () => {
    const turn = turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = [0, 1, 2, 3].map((number) =>
      turn(async () => {
        begun.push(number);
        await new Promise<void>((end) => ends.push(end));
        return number;
      }),
    );

    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    ends[1]?.();
    await all[1];
    await expect.poll(() => begun).toEqual([0, 1, 2]);
    ends[0]?.();
    ends[2]?.();
    await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
    ends[3]?.();

    expect(await Promise.all(all)).toEqual([0, 1, 2, 3]);
  });

  it('go on after a failure', async () => {
    const turn = turns(1);
    const failed = turn(() => Promise.reject(new Error('no')));
    const next = turn(async () => 'done');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
    expect(await turn(async () => 'again')).toBe('again');
  });
});
