import { expect, it } from 'vitest';
import { load } from '../load/load.ts';

it('a few seconds of load are answered without a 5xx, and all that was started is ended', async () => {
  const lines: string[] = [];

  const failures = await load({ minutes: 0.05, clients: 4, limit: 700 }, (line) => lines.push(line));

  // So short a time is not enough for all operations.
  expect(failures.filter((failure) => !failure.endsWith('never succeeded'))).toEqual([]);
  expect(lines.join('\n')).toMatch(/healthy after \d+ ms, \d+ MB/);
  expect(lines.join('\n')).toMatch(/^all 200: \d+/m);
}, 120_000);
