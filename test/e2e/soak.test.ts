import { expect, it } from 'vitest';
import { soak } from '../soak/soak.ts';

it('a short random history, with faults, lost answers and a kill -9, breaks no rule', async () => {
  const report = await soak({ seed: 20, rounds: 1, steps: 160, keep: false }, () => undefined);

  expect(report.violations, report.lines().join('\n')).toEqual([]);
  expect(report.countOf('kills')).toBe(1);
  expect(report.countOf('faults: lost answers')).toBeGreaterThan(0);
  expect(report.countOf('claims of answers compared with IAM')).toBeGreaterThan(10);
}, 180_000);
