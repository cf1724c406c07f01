import { describe, expect, it } from 'vitest';
import { residentMegabytes } from '../../load/memory.ts';
import { parseOptions } from '../../load/options.ts';
import { Tally } from '../../load/tally.ts';

describe('the tally', () => {
  it('tells answers by status, and what never succeeded', () => {
    const tally = new Tally();
    for (const status of [200, 429, 200]) tally.count('get-me', status);
    tally.count('list-users', 403);

    expect(tally.lines()).toEqual([
      'get-me                      200: 2, 429: 1',
      'list-users                  403: 1',
    ]);
    expect([...tally.byStatus()]).toEqual([
      [200, 2],
      [403, 1],
      [429, 1],
    ]);
    expect(tally.total).toBe(4);
    expect(tally.withoutSuccess(['get-me', 'list-users', 'get-docs'])).toEqual(['list-users', 'get-docs']);
    expect(tally.failures()).toEqual([]);
  });

  it('takes 5xx and missing answers for failures', () => {
    const tally = new Tally();
    for (const status of [500, 504, 504, 0]) tally.count('get-me', status);
    expect(tally.failures()).toEqual([
      'get-me answered 500',
      'get-me answered 504, 2 times',
      'get-me answered nothing',
    ]);
  });
});

it('options have defaults and limits', () => {
  expect(parseOptions([])).toEqual({ minutes: 10, clients: 64, limit: 700 });
  expect(parseOptions(['--minutes', '0.5', '--clients', '8', '--limit', '500'])).toEqual({
    ...{ minutes: 0.5, clients: 8, limit: 500 },
  });
  expect(() => parseOptions(['--clients', '0'])).toThrow('clients');
  expect(() => parseOptions(['--seconds', '5'])).toThrow('seconds');
});

it.runIf(process.platform === 'linux')('memory is what the process holds', () => {
  expect(residentMegabytes(process.pid) / (process.memoryUsage.rss() / 2 ** 20)).toBeCloseTo(1, 0);
});
