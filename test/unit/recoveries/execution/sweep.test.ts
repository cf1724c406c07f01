import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentInvocation, withInvocation } from '../../../../shared/lib/invocation.ts';
import { processOne } from '../../../../shared/recoveries/execution/sweep.ts';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import { phone, recoveryOf, start, World } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const past = new Date(start - 1).toISOString();
const later = new Date(start + 1).toISOString();

const due = (id: string, change: Partial<Recovery> = {}): Recovery =>
  recoveryOf([], { id, dueAt: past, ...change });

describe('a sweep', () => {
  it('attends to everything that is due, and to nothing else', async () => {
    const world = new World(
      due('approved'),
      due('executing', { state: 'executing' }),
      due('over', { state: 'requested', expiresAt: past }),
      due('objected', { state: 'objected', expiresAt: past }),
      due('later', { dueAt: later }),
    );
    const all = await world.sweep();
    expect(Object.fromEntries(all.map(({ id, end }) => [id, end]))).toEqual({
      ...{ over: 'expired', objected: 'expired' },
      // One user has one lease.
      approved: expect.stringMatching(/executed|busy/),
      executing: expect.stringMatching(/executed|busy/),
    });
    expect(await world.store.get('over')).toMatchObject({ state: 'expired', dueAt: undefined });
  });

  it.each([
    ['still to come', later, 'requested'],
    ['come', past, 'expired'],
  ])('lets a request expire whose time has %s', async (_, expiresAt, state) => {
    const world = new World(due('one', { state: 'requested', expiresAt }));
    await world.sweep();
    expect((await world.store.get('one'))?.state).toBe(state);
  });

  it('executes what was approved in time, even when its time is over by now', async () => {
    const world = new World(due('one', { expiresAt: past }));
    expect(await world.sweep()).toMatchObject([{ end: 'executed' }]);
  });

  it('goes on after one that is broken', async () => {
    const world = new World(
      due('broken'),
      ...['a', 'b', 'c', 'd', 'e'].map((id) => due(id, { state: 'requested', expiresAt: past })),
    );
    world.failure = { call: 'lease.acquire' };
    const all = await world.sweep();
    expect(all).toHaveLength(6);
    expect(all.filter(({ end }) => end === 'expired')).toHaveLength(5);
    expect(all).toContainEqual(expect.objectContaining({ id: 'broken', end: 'error' }));
  });

  it('goes on after one that cannot be read', async () => {
    const world = new World(
      due('a', { state: 'requested', expiresAt: past }),
      due('b', { state: 'requested', expiresAt: past }),
    );
    world.failure = { call: 'store.get' };
    const ends = (await world.sweep()).map(({ end }) => end);
    expect(ends.sort()).toEqual(['error', 'expired']);
  });

  it('does not expire what was approved in the last moment', async () => {
    const world = new World(due('one', { state: 'requested', expiresAt: past }));
    world.onCall = async (name) => {
      const current = await world.store.get('one');
      if (name !== 'store.get' || current?.state !== 'requested') return;
      await world.store.replace({ ...current, state: 'cancelled', version: current.version + 1 });
    };
    expect(await world.sweep()).toMatchObject([{ end: 'superseded' }]);
    expect((await world.store.get('one'))?.state).toBe('cancelled');
  });

  it('begins with none for which time may not be enough', async () => {
    const world = new World(
      ...Array.from({ length: 20 }, (_, index) => due(`${index}`, { state: 'requested', expiresAt: past })),
    );
    let millis = 60_000;
    world.onCall = () => {
      millis -= 1_000;
    };
    const all = await world.sweep(() => millis);
    expect(all.length).toBeGreaterThan(0);
    expect(all.length).toBeLessThan(20);
    expect(await world.store.listDue(start)).toHaveLength(20 - all.length);
  });

  it('fails when what is due cannot be listed', async () => {
    const world = new World(recoveryOf([phone]));
    world.failure = { call: 'store.listDue' };
    await expect(world.sweep()).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});

describe('one recovery', () => {
  it('that does not exist is left alone', async () => {
    const world = new World();

    await expect(world.execute('none')).resolves.toEqual({ id: 'none', end: 'idle' });
  });

  it('that nothing is due for is left alone', async () => {
    const world = new World(due('one', { state: 'denied' }));

    await expect(world.execute('one')).resolves.toEqual({ id: 'one', end: 'idle' });
  });

  it.each([
    [60_000, 25_000],
    [20_000, 15_000],
    [5_000, 0],
    [1_000, 0],
  ])('with %i ms left holds its lease for %i ms', async (millisLeft, expected) => {
    const world = new World(due('one'));
    const held: number[] = [];
    const { leaseOf, ...ports } = world.ports;
    const watched = (userId: string, millis: number, signal: AbortSignal) => {
      held.push(millis);
      return leaseOf(userId, millis, signal);
    };
    const options = { millisLeft: () => millisLeft, onEnd: () => {}, onNotPostponed: () => {} };

    await processOne('one', { ...ports, leaseOf: watched }, options);

    expect(held).toEqual([expected]);
  });

  it('is tried again after half a minute while another change is under way', async () => {
    const world = new World(due('one', { approvals: [{ by: 'pat', at: '2026-11-24T11:30:00.000Z' }] }));
    world.leaseUntil = start + 60_000;

    await expect(world.execute('one')).resolves.toMatchObject({ end: 'busy' });

    expect((await world.store.get('one'))?.dueAt).toBe('2026-11-24T12:00:30.000Z');
  });

  it('is tried again after as long as it has been tried, up to a quarter of an hour', async () => {
    const approvedAt = (at: string) => due('one', { approvals: [{ by: 'pat', at }] });
    for (const [at, dueAt] of [
      ['2026-11-24T11:59:50.000Z', '2026-11-24T12:00:30.000Z'],
      ['2026-11-24T11:55:00.000Z', '2026-11-24T12:05:00.000Z'],
      ['2026-11-24T09:00:00.000Z', '2026-11-24T12:15:00.000Z'],
    ] as const) {
      const world = new World(approvedAt(at));
      world.failure = { call: 'lease.acquire' };

      await expect(world.execute('one')).resolves.toMatchObject({ end: 'error' });

      expect((await world.store.get('one'))?.dueAt).toBe(dueAt);
    }
  });

  it('whose revocation cannot be ended is tried again by the time since it was due', async () => {
    const over = due('one', { state: 'executed', revokedUntil: '2026-11-24T11:55:00.000Z' });
    const world = new World(over);
    world.failure = { call: 'iam.allowOldSessions' };

    await expect(world.execute('one')).resolves.toMatchObject({ task: 'end-revocation', end: 'error' });

    expect((await world.store.get('one'))?.dueAt).toBe('2026-11-24T12:05:00.000Z');
  });

  it('is counted with the whole run', async () => {
    const world = new World(due('one'));
    world.onCall = () => {
      currentInvocation().upstreamCalls += 1;
      currentInvocation().upstreamMillis += 10;
    };

    await withInvocation(async () => {
      await world.execute('one');
      expect(currentInvocation()).toMatchObject({
        upstreamCalls: world.calls.length,
        upstreamMillis: world.calls.length * 10,
      });
    });
  });
});

it('a sweep begins nothing that it might not finish', async () => {
  const world = new World(due('one'));

  await expect(world.sweep(() => 30_000)).resolves.toEqual([]);
  await expect(world.sweep(() => 30_001)).resolves.toHaveLength(1);
});
