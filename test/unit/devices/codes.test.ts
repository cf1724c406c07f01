import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { codesRefused, metered, withNextCode } from '../../../shared/devices/codes.ts';
import type { CodeBudget } from '../../../shared/devices/ports.ts';
import { clock } from '../../../shared/lib/clock.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('refused codes', () => {
  it.each([
    ['2026-11-24T12:00:00.000Z', 30],
    ['2026-11-24T12:00:00.999Z', 30],
    ['2026-11-24T12:00:29.000Z', 1],
    ['2026-11-24T12:00:45.000Z', 15],
  ])('at %s come with %i seconds until the next', (time, retryAfter) => {
    vi.spyOn(clock, 'now').mockReturnValue(Date.parse(time));

    expect(codesRefused('Wrong.', true)).toMatchObject({
      code: 'invalid-authentication-code',
      message: 'Wrong.',
      extras: { retryAfter, resyncMayHelp: true },
    });
  });

  it('say what to send instead, and keep their cause', () => {
    const cause = new Problem('invalid-authentication-code', 'Of AWS.');

    expect(withNextCode(cause)).toMatchObject({
      code: 'invalid-authentication-code',
      message: expect.stringContaining('two consecutive codes'),
      extras: { resyncMayHelp: false },
      cause,
    });
  });

  it.each([new Problem('throttled', 'Later.'), new Error('broken')])(
    'leave other errors unchanged',
    (error) => {
      expect(withNextCode(error)).toBe(error);
    },
  );
});

const rateLimit = { left: 4, resetSeconds: 60 };
const budget: CodeBudget = { spend: async () => rateLimit };

describe('a metered use case', () => {
  it('returns what is left of the budget once it has submitted codes', async () => {
    const result = await metered({ budget }, async (context) => {
      await context.budget.spend('serial');
      return 'output';
    });
    expect(result).toEqual({ output: 'output', rateLimit });
  });

  it('returns no budget if it has submitted none', async () => {
    const result = await metered({ budget }, async () => 'output');
    expect(result).toEqual({ output: 'output', rateLimit: undefined });
  });

  it('gets the rest of its context', async () => {
    const { output } = await metered({ budget, caller: 'alice' }, async ({ caller }) => caller);
    expect(output).toBe('alice');
  });

  const failing = (error: unknown) =>
    metered({ budget }, async (context) => {
      await context.budget.spend('serial');
      throw error;
    });

  it('adds it to a problem, which otherwise stays the same', async () => {
    const cause = new Error('of AWS');
    const problem = new Problem('invalid-authentication-code', 'Wrong.', { retryAfter: 7 }, { cause });

    await expect(failing(problem)).rejects.toMatchObject({
      code: 'invalid-authentication-code',
      message: 'Wrong.',
      extras: { retryAfter: 7, rateLimit },
      cause,
    });
  });

  it('adds nothing to a problem before codes are submitted, nor to one that the budget throws', async () => {
    const early = new Problem('no-active-device', 'None.');
    const spent = new Problem('throttled', 'Later.', { rateLimit: { left: 0, resetSeconds: 9 } });
    const refusing: CodeBudget = { spend: () => Promise.reject(spent) };

    await expect(metered({ budget }, () => Promise.reject(early))).rejects.toBe(early);
    const submission = metered({ budget: refusing }, (context) => context.budget.spend('serial'));
    await expect(submission).rejects.toBe(spent);
  });

  it('lets an unexpected error through unchanged', async () => {
    const error = new TypeError('broken');
    await expect(failing(error)).rejects.toBe(error);
  });
});
