import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { settings } from '../../../shared/config/variables.ts';

afterEach(() => vi.unstubAllEnvs());

const sample = (check = (_text: string): boolean => true) =>
  settings(() => z.object({ SAMPLE: z.string().check(z.refine(check)) }));

describe('the settings of the environment', () => {
  it('are read and checked once', () => {
    const check = vi.fn(() => true);
    const read = sample(check);
    vi.stubEnv('SAMPLE', 'first');

    const values = [read(), read()];
    vi.stubEnv('SAMPLE', 'second');

    expect([...values, read()]).toEqual([{ SAMPLE: 'first' }, { SAMPLE: 'first' }, { SAMPLE: 'first' }]);
    expect(check).toHaveBeenCalledOnce();
  });

  it('are not kept where they are not valid', () => {
    const read = sample();
    expect(read).toThrowError(new Error('Environment variables missing or not valid: SAMPLE'));
    vi.stubEnv('SAMPLE', 'value');
    expect(read()).toEqual({ SAMPLE: 'value' });
  });

  it('are apart from those of other variables', () => {
    const read = sample();
    vi.stubEnv('SAMPLE', 'of the environment');
    expect(read({ SAMPLE: 'of others' })).toEqual({ SAMPLE: 'of others' });
    expect(read()).toEqual({ SAMPLE: 'of the environment' });
  });
});
