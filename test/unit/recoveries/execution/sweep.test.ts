import { afterEach, describe, expect, it, vi } from 'vitest';
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
