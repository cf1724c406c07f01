import { afterEach, describe, expect, it, vi } from 'vitest';
import { withInvocation } from '../../../../shared/lib/invocation.ts';
import { auditReporters, reportOf } from '../../../../shared/recoveries/execution/report.ts';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import { bob, type Failure, phone, recoveryId, recoveryOf, start, token, World } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The log lines of one run. */
async function linesOf(
  recovery: Recovery,
  failure?: Failure,
  prepare: (world: World) => void = () => undefined,
) {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  const world = new World(recovery);
  world.failure = failure;
  prepare(world);
  world.onTold = auditReporters('request-1').onEnd;
  const outcome = await withInvocation(() => world.execute());
  const lines = written.map((line): Record<string, unknown> => JSON.parse(line));
  return { outcome, lines, changes: lines.filter(({ audit }) => audit === true) };
}

const evidence = 'seen by their manager';

describe('the audit line of an execution', () => {
  it('tells of which recovery it was, and what it has done to whom', async () => {
    const { lines } = await linesOf(recoveryOf([phone, token], { evidence }));
    expect(lines).toEqual([
      {
        ...{ level: 'INFO', message: 'change', audit: true, time: new Date(start).toISOString() },
        ...{ action: 'execute-recovery', result: 'done', requestId: 'request-1', ownerId: bob.userId },
        recovery: {
          ...{ id: recoveryId, state: 'executed', reason: 'lost', requestedBy: 'ann' },
          ...{ userName: 'bob', userId: bob.userId, ticket: { system: 'desk', id: 'T-1' } },
          removedDevices: [
            { serialNumber: phone, addedSinceRequest: false },
            { serialNumber: token, addedSinceRequest: false },
          ],
        },
        serialNumbers: [phone, token],
        changes: ['BeginExecution', 'BeginRemoval', 'ExecuteRecovery'],
      },
    ]);
  });

  it('says why the execution failed', async () => {
    const { changes } = await linesOf(recoveryOf([phone]), undefined, (world) => {
      world.room.attached = false;
    });
    expect(changes).toMatchObject([
      {
        result: 'incomplete',
        recovery: { state: 'failed', failure: 'policy-quota' },
        changes: ['BeginExecution', 'FailRecovery'],
      },
    ]);
    expect(changes[0]).not.toHaveProperty('serialNumbers');
  });

  it('comes also when it waits', async () => {
    const { changes } = await linesOf(recoveryOf([phone], { reason: 'stolen' }));
    expect(changes).toMatchObject([
      { result: 'incomplete', recovery: { state: 'executing' }, serialNumbers: [phone] },
    ]);
  });

  it('comes with the code of an error after part of it, and the error has a line of its own', async () => {
    const { lines } = await linesOf(recoveryOf([phone]), { call: 'iam.remove', code: 'throttled' });
    expect(lines).toMatchObject([
      { level: 'ERROR', message: 'recovery task failed', recoveryId, task: 'execute', code: 'throttled' },
      { message: 'change', result: 'incomplete', code: 'throttled', serialNumbers: [phone] },
    ]);
  });

  it('says that it is executed when only the answer to the last write was lost', async () => {
    const { changes } = await linesOf(
      recoveryOf([], { state: 'executing', removalBegunAt: new Date(start).toISOString() }),
      {
        call: 'store.replace',
        when: 'after',
      },
    );
    expect(changes).toMatchObject([
      { result: 'incomplete', recovery: { state: 'executed' }, changes: ['ExecuteRecovery'] },
    ]);
  });

  it('does not come when nothing was done', async () => {
    const { lines, outcome } = await linesOf(recoveryOf([phone]), undefined, (world) => {
      world.leaseUntil = start + 60_000;
    });
    expect(outcome.end).toBe('busy');
    expect(lines).toEqual([]);
  });

  it.each([
    ['expire-recovery', { state: 'requested', expiresAt: new Date(start).toISOString() }, 'expired'],
    ['end-revocation', { state: 'executed', revokedUntil: new Date(start).toISOString() }, 'executed'],
  ] as const)('and that of %s', async (action, change, state) => {
    const { changes } = await linesOf(recoveryOf([], change));
    expect(changes).toMatchObject([{ action, result: 'done', recovery: { state } }]);
  });
});

describe('the numbers of a run', () => {
  it('count its recoveries by how it went', () => {
    const ends = [
      'executed',
      'executed',
      'failed',
      'expired',
      'waiting',
      'busy',
      'idle',
      'error',
      'revocation-ended',
      'superseded',
    ] as const;
    expect(reportOf(ends.map((end) => ({ id: end, end })))).toEqual({
      fields: { recoveries: 10, executed: 2, failed: 1, waiting: 2, expired: 1, overdue: 0 },
      metrics: { RecoveriesExecuted: 2, RecoveriesFailed: 1, RecoveriesExpired: 1, Problems: 1 },
    });
  });

  it('and how many are overdue', () => {
    const { fields, metrics } = reportOf([], 2);
    expect([fields['overdue'], metrics]).toEqual([2, { RecoveriesOverdue: 2 }]);
  });

  it('leave out what would be zero of the metrics', () => {
    expect(reportOf([]).metrics).toEqual({});
  });
});
