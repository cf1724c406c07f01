import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import type { UserRecord } from '../../../shared/lease/ports.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { approveRecovery, denyRecovery } from '../../../shared/recoveries/decide.ts';
import type { Recovery, RecoveryState } from '../../../shared/recoveries/recovery.ts';
import { transition } from '../../../shared/recoveries/state-machine.ts';
import { fakeLease } from '../../support/fake-lease.ts';
import { requestedAt, sampleRecovery } from '../../support/recovery.ts';
import { memoryRecoveryStore } from '../../support/recovery-store.ts';

const sample = sampleRecovery();
const ofTwo = sampleRecovery({ approvalsNeeded: 2 });
const problem = (code: string) => expect.objectContaining({ code });

/** Recoveries in a store, and what is done to them and to bob's lease, in order. */
function world(recoveries: readonly Recovery[], kept: Partial<UserRecord> = {}) {
  const memory = memoryRecoveryStore(...recoveries);
  const held = fakeLease(kept);
  const done: string[] = [];
  const note =
    <A extends readonly unknown[], R>(name: string, effect: (...args: A) => R) =>
    (...args: A): R => {
      done.push(name);
      return effect(...args);
    };
  const lease = { ...held, write: note('mark', held.write) };
  const context = {
    store: { get: memory.get, replace: note('approve', memory.replace) },
    starter: { start: note('start', async (_id: string) => undefined) },
    leaseOf: (userId: string) => ({
      run: async <T>(change: (one: typeof lease) => Promise<T>) => {
        done.push(`lease of ${userId}`);
        return change(lease).finally(() => done.push('release'));
      },
    }),
  };
  return { context, done, held, memory };
}

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(requestedAt);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('an approval', () => {
  it('starts the execution, once, when the last one comes', async () => {
    const { context, done } = world([ofTwo]);

    await approveRecovery(sample.id, 'pat', context);
    expect(done).toEqual(['approve']);
    await approveRecovery(sample.id, 'pia', context);

    expect(done.slice(1)).toEqual(['lease of AIDABOB', 'mark', 'approve', 'release', 'start']);
  });

  it('holds though the execution cannot be started: the sweep finds it', async () => {
    const { context } = world([sample]);
    const starter = { start: () => Promise.reject(new Error('no Lambda')) };

    await expect(approveRecovery(sample.id, 'pat', { ...context, starter })).resolves.toMatchObject({
      state: 'approved',
      dueAt: sample.requestedAt,
    });
  });

  it('starts nothing when it comes after a denial', async () => {
    const { context, done } = world([sample]);
    await denyRecovery(sample.id, 'pia', context);

    await expect(approveRecovery(sample.id, 'pat', context)).rejects.toEqual(problem('recovery-closed'));

    expect(done).not.toContain('start');
  });

  it('by the requester takes no lease', async () => {
    const { context, done } = world([sample]);

    await expect(approveRecovery(sample.id, 'ann', context)).rejects.toEqual(problem('separation-of-duties'));

    expect(done).toEqual([]);
  });

  it('is not given when the lease cannot be had', async () => {
    const { context, memory } = world([sample]);
    const leaseOf = () => ({ run: () => Promise.reject(new Problem('busy', 'Taken.')) });

    await expect(approveRecovery(sample.id, 'pat', { ...context, leaseOf })).rejects.toEqual(problem('busy'));

    expect(await memory.get(sample.id)).toEqual(sample);
  });

  it('that turns out to be the last one, because another came first, is given under the lease', async () => {
    const { context, done, memory } = world([ofTwo]);
    let reads = 0;
    const store = {
      ...context.store,
      get: async (id: string) => {
        const read = await memory.get(id);
        reads += 1;
        if (reads === 1)
          await memory.replace(transition(ofTwo, 'ApproveRecovery', { by: 'pia' }, requestedAt));
        return read;
      },
    };

    const recovery = await approveRecovery(sample.id, 'pat', { ...context, store });

    expect(recovery.approvals.map(({ by }) => by)).toEqual(['pia', 'pat']);
    expect(done).toEqual(['approve', 'lease of AIDABOB', 'mark', 'approve', 'release', 'start']);
  });
});

describe('while another recovery of the user', () => {
  const other = (state: RecoveryState) => sampleRecovery({ id: 'other', state });

  it.each(['approved', 'executing'] as const)('is %s, the last approval is refused', async (state) => {
    const { context, held, memory } = world([sample, other(state)], { recoveryUnderWay: 'other' });

    await expect(approveRecovery(sample.id, 'pat', context)).rejects.toMatchObject({
      ...{ code: 'busy', extras: { retryAfter: 60 } },
    });

    expect(await memory.get(sample.id)).toEqual(sample);
    expect(held.recoveryUnderWay).toBe('other');
  });

  it('is executing under its guard, that counts even without the marker', async () => {
    const { context } = world([sample, other('executing')], { guard: { recoveryId: 'other', at: 1 } });

    await expect(approveRecovery(sample.id, 'pat', context)).rejects.toEqual(problem('busy'));
  });

  it.each(['requested', 'objected', 'denied', 'cancelled', 'expired', 'executed', 'failed'] as const)(
    'is %s, what the marker says of it counts no longer',
    async (state) => {
      const { context, held } = world([sample, other(state)], { recoveryUnderWay: 'other' });

      await expect(approveRecovery(sample.id, 'pat', context)).resolves.toMatchObject({ state: 'approved' });

      expect(held.recoveryUnderWay).toBe(sample.id);
    },
  );

  it('is executing, one of several approvals may be given', async () => {
    const { context } = world([ofTwo, other('executing')], { recoveryUnderWay: 'other' });

    await expect(approveRecovery(sample.id, 'pat', context)).resolves.toMatchObject({ state: 'requested' });
  });
});
