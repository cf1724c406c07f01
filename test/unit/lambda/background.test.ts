import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { backgroundFunction } from '../../../shared/lambda/background.ts';
import { apiEnv, lambdaContext } from '../../support/api-event.ts';

let lines: string[];

beforeEach(() => {
  for (const [name, value] of Object.entries(apiEnv)) vi.stubEnv(name, value);
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const logged = () => lines.map((line) => JSON.parse(line) as unknown);

describe('a background function', () => {
  it('works on its event, and logs one line with what came of it', async () => {
    const run = backgroundFunction('sample', async ({ requestId, millisLeft }, event) => ({
      fields: { left: millisLeft() },
      metrics: event === 'event' && requestId === 'invocation-1' ? { NoticesSent: 1 } : {},
    }));

    await run('event', lambdaContext(5_000));

    expect(logged()).toEqual([
      expect.objectContaining({
        message: 'run',
        operation: 'sample',
        requestId: 'invocation-1',
        left: 5_000,
        NoticesSent: 1,
      }),
    ]);
  });

  it('has its work aborted in time, logs the failure and throws it again', async () => {
    const late = new Problem('timeout', 'Too late.');
    const run = backgroundFunction(
      'sample',
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(late))),
    );

    await expect(run({}, lambdaContext(1_510))).rejects.toBe(late);

    expect(logged()).toEqual([
      expect.objectContaining({ message: 'failed', operation: 'sample', code: 'timeout' }),
      expect.objectContaining({ message: 'run', operation: 'sample', code: 'timeout', Problems: 1 }),
    ]);
  });
});
