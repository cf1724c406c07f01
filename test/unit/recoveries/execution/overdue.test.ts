import { expect, it } from 'vitest';
import { countOverdue } from '../../../../shared/recoveries/execution/overdue.ts';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import { requestedAt, sampleRecovery } from '../../../support/recovery.ts';
import { memoryRecoveryStore } from '../../../support/recovery-store.ts';

const now = requestedAt + 86_400_000;
const approvedAgo = (...minutes: readonly number[]) =>
  minutes.map((ago) => ({ by: `approver ${ago}`, at: new Date(now - ago * 60_000).toISOString() }));

const overdue: Partial<Recovery> = { state: 'executing', approvals: approvedAgo(16) };

it.each<[string, Partial<Recovery>, number]>([
  ['executing since more than 15 minutes', overdue, 1],
  ['approved since more than 15 minutes', { ...overdue, state: 'approved' }, 1],
  ['executing since less than 15 minutes', { ...overdue, approvals: approvedAgo(14) }, 0],
  ['whose last approval is not that old', { ...overdue, approvals: approvedAgo(60, 14) }, 0],
  ['executed', { ...overdue, state: 'executed' }, 0],
  ['that waits for another approval', { ...overdue, state: 'objected' }, 0],
])('a recovery %s', async (_, change, count) => {
  const store = memoryRecoveryStore(sampleRecovery(change));
  expect(await countOverdue(store, now)).toBe(count);
});

it('all of them are counted, however many lists they fill', async () => {
  const all = Array.from({ length: 250 }, (_, index) => sampleRecovery({ ...overdue, id: `${index}` }));
  expect(await countOverdue(memoryRecoveryStore(...all), now)).toBe(250);
});
