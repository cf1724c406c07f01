import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Guard, RecentChange } from '../../../shared/lease/ports.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { currentInvocation, withInvocation } from '../../../shared/lib/invocation.ts';
import { issueEnrolmentPass } from '../../../shared/recoveries/issue-pass.ts';
import type { Recovery } from '../../../shared/recoveries/recovery.ts';
import { fakeLease } from '../../support/fake-lease.ts';
import { sampleRecovery } from '../../support/recovery.ts';
import { memoryRecoveryStore } from '../../support/recovery-store.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const executed = sampleRecovery({ state: 'executed' });
const guard: Guard = { recoveryId: executed.id, at: 1 };

interface World {
  readonly recovery?: Recovery;
  readonly userId?: string;
  readonly devices?: readonly string[];
  readonly recent?: readonly RecentChange[];
  /** null for none. */
  readonly guarded?: Guard | null;
  readonly recoveryUnderWay?: string;
  readonly others?: readonly Recovery[];
}

/** Bob after the execution, or as the test has it. */
function world(changes: World = {}) {
  const { recovery = executed, userId = 'AIDABOB', devices = [], recent = [], guarded = guard } = changes;
  const { recoveryUnderWay, others = [] } = changes;
  const lease = fakeLease({ guard: guarded ?? undefined, recent, recoveryUnderWay });
  const leased: string[] = [];
  const context = {
    store: memoryRecoveryStore(recovery, ...others),
    directoryOf: (userName: string) => ({
      getUser: async () => ({ userName, userId, userArn: recovery.userArn }),
      listActive: async () => devices.map((serialNumber) => ({ serialNumber, enabledAt: new Date() })),
    }),
    leaseOf: (id: string) => ({
      run: <T>(change: (held: typeof lease) => Promise<T>) => {
        leased.push(id);
        return change(lease);
      },
    }),
  };
  return { context, lease, leased };
}

describe('an enrolment pass', () => {
  it('is given for an executed recovery, and kept as a hash under the lease of its user', async () => {
    const { context, lease, leased } = world();

    const { enrolmentPass, expiresAt } = await issueEnrolmentPass(executed.id, 'pat', context);

    expect(enrolmentPass).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){5}$/);
    expect(lease.pass).toMatchObject({ recoveryId: executed.id, expiresAt: Date.parse(expiresAt), wrong: 0 });
    expect(JSON.stringify(lease.pass)).not.toContain(enrolmentPass);
    expect(leased).toEqual(['AIDABOB']);
  });

  it('ends the one before', async () => {
    const { context, lease } = world();
    await issueEnrolmentPass(executed.id, 'pat', context);
    const before = lease.pass?.hash;

    await issueEnrolmentPass(executed.id, 'pia', context);

    expect(lease.pass?.hash).not.toBe(before);
  });

  it('is told to the audit as a change, without itself', async () => {
    const { seen, pass } = await withInvocation(async () => {
      const { enrolmentPass } = await issueEnrolmentPass(executed.id, 'pat', world().context);
      return { seen: currentInvocation(), pass: enrolmentPass };
    });

    expect([...seen.changes]).toEqual(['IssueEnrolmentPass']);
    expect(JSON.stringify([seen, [...seen.changes]])).not.toContain(pass);
  });

  it.each<[string, string, World, string]>([
    ['the requester', 'ann', {}, 'separation-of-duties'],
    ['the requester in other case', 'ANN', {}, 'separation-of-duties'],
    ['the subject', 'bob', {}, 'separation-of-duties'],
    ['the subject in other case', 'Bob', {}, 'separation-of-duties'],
    [
      'anybody before the execution',
      'pat',
      { recovery: sampleRecovery({ state: 'executing' }) },
      'recovery-closed',
    ],
    ['anybody after a failure', 'pat', { recovery: sampleRecovery({ state: 'failed' }) }, 'recovery-closed'],
    ['another user of the same name', 'pat', { userId: 'AIDAOTHER' }, 'user-not-found'],
    ['a user with a device', 'pat', { devices: ['phone'] }, 'recovery-closed'],
    [
      'a user whose next recovery is under way',
      'pat',
      {
        ...{ recoveryUnderWay: 'next' },
        others: [sampleRecovery({ id: 'next', state: 'approved' })],
      },
      'busy',
    ],
    ['a user who has enrolled since', 'pat', { guarded: null }, 'recovery-closed'],
    [
      'a user under the guard of another recovery',
      'pat',
      { guarded: { recoveryId: 'other', at: 1 } },
      'recovery-closed',
    ],
  ])('is not for %s', async (_whom, by, changes, code) => {
    const { context, lease } = world(changes);

    await expect(issueEnrolmentPass(executed.id, by, context)).rejects.toMatchObject({ code });

    expect(lease.pass).toBeUndefined();
  });
});

describe('what IAM’s list and the lease’s memory see differently', () => {
  const now = 1_800_000_000_000;

  it.each<[string, World, number]>([
    ['enabled a moment ago', { recent: [{ serialNumber: 'phone', active: true, at: now }] }, 300],
    [
      'deactivated four minutes ago',
      { devices: ['phone'], recent: [{ serialNumber: 'phone', active: false, at: now - 240_000 }] },
      60,
    ],
  ])('(%s) is waited for', async (_, changes, retryAfter) => {
    vi.spyOn(clock, 'now').mockReturnValue(now);
    const { context, lease } = world(changes);

    await expect(issueEnrolmentPass(executed.id, 'pat', context)).rejects.toMatchObject({
      ...{ code: 'busy', extras: { retryAfter } },
    });

    expect(lease.pass).toBeUndefined();
  });
});

it('a recovery that has ended does not stand in the way of a pass, whatever the marker says', async () => {
  const { context } = world({
    ...{ recoveryUnderWay: 'next' },
    others: [sampleRecovery({ id: 'next', state: 'cancelled' })],
  });

  await expect(issueEnrolmentPass(executed.id, 'pat', context)).resolves.toHaveProperty('enrolmentPass');
});

it('a device that was deactivated recently does not stand in the way of a pass', async () => {
  const { context } = world({ recent: [{ serialNumber: 'phone', active: false, at: 1 }] });

  await expect(issueEnrolmentPass(executed.id, 'pat', context)).resolves.toHaveProperty('enrolmentPass');
});
