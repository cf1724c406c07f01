import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withDeadline } from '../../../shared/lambda/deadline.ts';
import { lambdaContext } from '../../support/api-event.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the deadline of a function', () => {
  it('aborts its work one and a half seconds before its time is up', async () => {
    const seen = await withDeadline(lambdaContext(10_000), async ({ signal }) => {
      await vi.advanceTimersByTimeAsync(8_499);
      const before = signal.aborted;
      await vi.advanceTimersByTimeAsync(1);
      return { before, after: signal.aborted, reason: signal.reason };
    });
    expect(seen).toMatchObject({ before: false, after: true, reason: { name: 'AbortError' } });
  });

  it('aborts at once where there is no time left', async () => {
    const aborted = withDeadline(lambdaContext(1_000), async ({ signal }) => {
      await vi.advanceTimersByTimeAsync(0);
      return signal.aborted;
    });
    expect(await aborted).toBe(true);
  });

  it('tells how much time is left', async () => {
    const left = await withDeadline(lambdaContext(7_000), async ({ millisLeft }) => millisLeft());
    expect(left).toBe(7_000);
  });

  it.each([
    ['done', () => Promise.resolve()],
    ['failed', () => Promise.reject(new Error('broken'))],
  ])('is over once the work is %s', async (_how, work) => {
    await withDeadline(lambdaContext(), work).catch(() => undefined);
    expect(vi.getTimerCount()).toBe(0);
  });
});
