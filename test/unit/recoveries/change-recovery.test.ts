import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clock } from '../../../shared/lib/clock.ts';
import { currentInvocation, withInvocation } from '../../../shared/lib/invocation.ts';
import { changeRecovery } from '../../../shared/recoveries/change-recovery.ts';
import { objectToRecovery } from '../../../shared/recoveries/decide.ts';
import { nextVersion } from '../../../shared/recoveries/state-machine.ts';
import { requestedAt, sampleRecovery } from '../../support/recovery.ts';
import { memoryRecoveryStore } from '../../support/recovery-store.ts';

const sample = sampleRecovery();
const problem = (code: string) => expect.objectContaining({ code });

/** A store in which others are faster so many times. */
function contested(times: number) {
  const store = memoryRecoveryStore(sample);
  let left = times;
  return {
    get: store.get,
    replace: async (next: typeof sample) => {
      if (left === 0) return store.replace(next);
      left -= 1;
      const current = await store.get(next.id);
      if (current) await store.replace(nextVersion(current, { evidence: `${left}` }));
      return store.replace(next);
    },
  };
}

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(requestedAt);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a change of a recovery', () => {
  it('is decided anew on what others wrote meanwhile', async () => {
    const decided = vi.fn((recovery) => nextVersion(recovery, { closedBy: 'pat' }));

    const changed = await changeRecovery(sample.id, 'Change', decided, contested(4));

    expect(changed).toMatchObject({ version: 6, closedBy: 'pat', evidence: '0' });
    expect(decided).toHaveBeenCalledTimes(5);
  });

  it('is given up when others are faster all the time', async () => {
    const change = changeRecovery(sample.id, 'Change', (one) => nextVersion(one, {}), contested(5));

    await expect(change).rejects.toMatchObject({ code: 'busy', extras: { retryAfter: 2 } });
  });

  it('of none is not possible', async () => {
    const change = changeRecovery('none', 'Change', (one) => one, memoryRecoveryStore(sample));

    await expect(change).rejects.toEqual(problem('recovery-not-found'));
  });

  it.each([
    ['was written', async () => true, ['Change']],
    ['may have been written', () => Promise.reject(new Error('lost')), ['Change']],
    ['was decided otherwise', async () => false, []],
  ])('is told to the audit when it %s', async (_what, replace, changes) => {
    const store = { get: async () => sample, replace };

    const seen = await withInvocation(async () => {
      await changeRecovery(sample.id, 'Change', (one) => nextVersion(one, {}), store).catch(() => undefined);
      return currentInvocation();
    });

    expect([...seen.changes]).toEqual(changes);
    expect(seen.recovery).toMatchObject({ id: sample.id, userName: 'bob' });
  });
});

describe('an objection', () => {
  it('is for the user of the recovery alone, not for a later one of that name', async () => {
    const store = memoryRecoveryStore(sample);

    await expect(objectToRecovery(sample.id, 'AIDAOTHER', { store })).rejects.toEqual(
      problem('recovery-not-found'),
    );
    await expect(objectToRecovery(sample.id, 'AIDABOB', { store })).resolves.toMatchObject({
      state: 'objected',
      approvalsNeeded: 2,
    });
  });
});
