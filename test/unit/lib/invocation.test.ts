import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { currentInvocation, upstream, withInvocation } from '../../../shared/lib/invocation.ts';

describe('an observation', () => {
  it('is of one invocation, whatever others do at the same time', async () => {
    const invocation = (calls: number) =>
      withInvocation(async () => {
        for (let call = 0; call < calls; call += 1) {
          await upstream(() => tick());
          currentInvocation().changes.add(`of ${calls}`);
        }
        return currentInvocation();
      });

    const seen = await Promise.all([1, 2, 3].map(invocation));

    expect(seen.map(({ upstreamCalls }) => upstreamCalls)).toEqual([1, 2, 3]);
    expect(seen.map(({ changes }) => [...changes])).toEqual([['of 1'], ['of 2'], ['of 3']]);
  });

  it('counts calls that fail, and lets their errors through', async () => {
    const error = new Error('reset');
    const seen = await withInvocation(async () => {
      await expect(upstream(() => Promise.reject(error))).rejects.toBe(error);
      return currentInvocation();
    });
    expect(seen.upstreamCalls).toBe(1);
  });

  it('adds up the time of calls, those at the same time too', async () => {
    const seen = await withInvocation(async () => {
      const wait = () => upstream(() => new Promise((resolve) => setTimeout(resolve, 20)));
      await Promise.all([wait(), wait()]);
      return currentInvocation();
    });
    expect(seen.upstreamMillis).toBeGreaterThan(30);
  });

  it('is nobody’s outside of an invocation', async () => {
    expect(await upstream(async () => 'answer')).toBe('answer');
    expect(currentInvocation().upstreamCalls).toBe(0);
  });
});
