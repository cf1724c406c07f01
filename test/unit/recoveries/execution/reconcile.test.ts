import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../../shared/contract/problem.ts';
import { currentInvocation } from '../../../../shared/lib/invocation.ts';
import { type Mended, reconcile } from '../../../../shared/recoveries/execution/reconcile.ts';
import type { ReconcilePorts } from '../../../../shared/recoveries/execution/reconcile-ports.ts';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import { bob, phone, recoveryId, recoveryOf, start, tablet, World } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const minutes = (count: number) => count * 60_000;
const past = new Date(start - minutes(20)).toISOString();
const executed = (change: Partial<Recovery> = {}): Recovery =>
  recoveryOf([], { state: 'executed', removalBegunAt: past, executedAt: past, dueAt: undefined, ...change });
const guard = { recoveryId, at: start - minutes(20) };
const pass = { recoveryId, hash: 'h', expiresAt: start, wrong: 0, serialNumber: phone };

/** The ports around bob; the lists show him as IAM and the table have him. */
function portsOf(world: World, change: Partial<ReconcilePorts> = {}): ReconcilePorts {
  const { store, leaseOf, directoryOf } = world.ports;
  const noted = (name: string) => currentInvocation().changes.add(name);
  return {
    store,
    leaseOf,
    directoryOf: (user, signal) => {
      const directory = directoryOf(user, signal);
      return {
        ...directory,
        attachHold: async () => {
          const isAttached = await directory.attachHold();
          if (isAttached) noted('AttachUserPolicy');
          return isAttached;
        },
        detachHold: async () => {
          if (world.hasHold) noted('DetachUserPolicy');
          await directory.detachHold();
        },
      };
    },
    listHeld: async () => (world.hasHold ? [bob] : []),
    listGuards: async () =>
      world.guard === undefined
        ? []
        : [{ userId: bob.userId, checkAfter: world.guard.checkAfter ?? world.guard.at + minutes(5) }],
    ...change,
  };
}

/** One run, and what it changed. */
async function run(world: World, change?: Partial<ReconcilePorts>, millisLeft = () => 60_000) {
  const changes: string[][] = [];
  const ends: Mended[] = [];
  const onEnd = (mended: Mended) => {
    ends.push(mended);
    changes.push([...currentInvocation().changes]);
  };
  await reconcile(portsOf(world, change), { millisLeft, onEnd });
  return { ends: ends.map(({ end }) => end), changes, all: ends };
}

const held = (...recoveries: readonly Recovery[]): World =>
  Object.assign(new World(...recoveries), { hasHold: true });
const guarded = (...recoveries: readonly Recovery[]): World =>
  Object.assign(new World(...recoveries), { guard });

const failedFor = (failure: 'policy-quota' | 'user-changed') => ({ state: 'failed', failure }) as const;

describe('a user whose hold and guard match', () => {
  it.each([
    ['both', true],
    ['neither', false],
  ])('is not looked at: %s', async (_, both) => {
    const world = new World(executed());
    if (both) Object.assign(world, { hasHold: true, guard });
    expect(await run(world)).toMatchObject({ ends: [] });
    expect(world.calls).toEqual([]);
  });
});

describe('a hold without a guard', () => {
  it('after an executed recovery is detached, and the audit knows the recovery', async () => {
    const world = held(executed());
    let audited: string | undefined;
    await reconcile(portsOf(world), {
      millisLeft: () => 60_000,
      onEnd: () => {
        audited = currentInvocation().recovery?.id;
      },
    });
    expect([world.hasHold, audited]).toEqual([false, recoveryId]);
  });

  it.each([
    ['executed', {}],
    ['failed', { state: 'failed', failure: 'policy-quota' }],
  ] as const)('after a recovery that is %s counts as mended', async (_, change) => {
    const world = held(executed(change));
    expect(await run(world)).toMatchObject({ ends: ['hold-removed'], changes: [['DetachUserPolicy']] });
    expect(await run(world)).toMatchObject({ ends: [] });
  });

  it.each(['approved', 'executing'] as const)('is left while a recovery is %s', async (state) => {
    const world = held(executed(), recoveryOf([], { id: 'other', state }));
    expect(await run(world)).toMatchObject({ ends: ['left'] });
    expect(world.hasHold).toBe(true);
  });

  it.each([
    ['no recovery', []],
    ['one that never began', [recoveryOf([], { state: 'denied' })]],
    ['one of somebody else', [executed({ userId: 'AIDAOTHER00000000001', userName: 'eve' })]],
    ['one of an earlier user of the name that reached them', [executed({ userId: 'AIDAOTHER00000000001' })]],
    [
      'one of an earlier user of the name that failed for another reason',
      [executed({ ...failedFor('policy-quota'), userId: 'AIDAOTHER00000000001' })],
    ],
    [
      'one of somebody else that failed as they changed',
      [executed({ ...failedFor('user-changed'), userId: 'AIDAOTHER00000000001', userName: 'eve' })],
    ],
  ] as const)('stays and is told if the table knows of %s', async (_, recoveries) => {
    const world = held(...recoveries);
    expect(await run(world)).toMatchObject({ ends: ['unexplained'] });
    expect(world.hasHold).toBe(true);
    expect(world.calls).not.toContain('lease.acquire');
  });

  it('of a user created anew, attached in the name of the earlier one, is detached', async () => {
    const failed = { state: 'failed', failure: 'user-changed', userId: 'AIDAOTHER00000000001' } as const;
    const world = held(executed(failed));
    expect(await run(world)).toMatchObject({ ends: ['hold-removed'] });
  });

  it.each([
    ['is gone', undefined],
    ['is another', { ...bob, userId: 'AIDAOTHER00000000001' }],
  ])('is left if the user of that name %s by now', async (_, user) => {
    const world = Object.assign(held(executed()), { user });
    expect(await run(world)).toMatchObject({ ends: ['left'] });
    expect(world.calls).not.toContain('iam.detachHold');
  });

  it('is changed by the ARN that the user has now', async () => {
    const moved = { ...bob, userArn: bob.userArn.replace('user/', 'user/team/') };
    const world = Object.assign(held(executed()), { user: moved });
    const asked: string[] = [];
    const { directoryOf } = portsOf(world);
    await run(world, {
      directoryOf: (user, signal) => {
        asked.push(user.userArn);
        return directoryOf(user, signal);
      },
    });
    expect(asked).toEqual([bob.userArn, moved.userArn]);
    expect(world.hasHold).toBe(false);
  });

  it('of a renamed user is found under the new name', async () => {
    const renamed = { ...bob, userName: 'robert', userArn: bob.userArn.replace('bob', 'robert') };
    const world = Object.assign(held(executed({ state: 'failed', failure: 'user-changed' })), {
      user: renamed,
    });
    const names: string[] = [];
    const { directoryOf } = portsOf(world);
    const ports: Partial<ReconcilePorts> = {
      listHeld: async () => [renamed],
      directoryOf: (user, signal) => {
        names.push(user.userName);
        return directoryOf(user, signal);
      },
    };
    expect(await run(world, ports)).toMatchObject({ ends: ['hold-removed'] });
    expect(names).toEqual(['robert', 'robert']);
  });

  it('is no such thing if only the list of guards lags; then the guard is written again', async () => {
    const world = Object.assign(held(executed()), { guard });
    expect(await run(world, { listGuards: async () => [] })).toMatchObject({
      ends: ['consistent'],
      changes: [[]],
    });
    expect([world.hasHold, world.guard]).toEqual([true, guard]);
    expect(world.calls).toContain('lease.write');
  });

  it('is nothing to tell of if only the list of holds lags', async () => {
    const world = new World(executed());
    expect(await run(world, { listHeld: async () => [bob] })).toMatchObject({
      ends: ['consistent'],
      changes: [[]],
    });
  });
});

describe('a guard without a hold', () => {
  it.each([
    ['executed', {}],
    ['failed after it took devices', { state: 'failed', failure: 'policy-quota' }],
    ['executing', { state: 'executing' }],
    ['executing and has taken nothing yet', { state: 'executing', removalBegunAt: undefined }],
  ] as const)('gets the hold back if its recovery is %s', async (_, change) => {
    const world = guarded(executed(change));
    expect(await run(world)).toMatchObject({ ends: ['hold-attached'], changes: [['AttachUserPolicy']] });
    expect([world.hasHold, world.guard?.recoveryId]).toEqual([true, recoveryId]);
  });

  it('is not attached to again until IAM lists it', async () => {
    const world = guarded(executed());
    await run(world);
    world.now += minutes(4);
    expect(await run(world, { listHeld: async () => [] })).toMatchObject({ ends: [] });
  });

  it('is compared only when the list of holds must show it', async () => {
    const world = Object.assign(guarded(executed()), { guard: { recoveryId, at: start - minutes(4) } });
    expect(await run(world)).toMatchObject({ ends: [] });
    world.now += minutes(1);
    expect(await run(world)).toMatchObject({ ends: ['hold-attached'] });
  });

  it('is no such thing if only the list of guards lags', async () => {
    const world = new World(executed());
    const listGuards = async () => [{ userId: bob.userId, checkAfter: 0 }];
    expect(await run(world, { listGuards })).toMatchObject({ ends: ['consistent'] });
    expect(world.hasHold).toBe(false);
  });

  it.each([
    ['whose recovery took nothing', [executed({ state: 'failed', removalBegunAt: undefined })], bob],
    ['whose recovery is gone', [], bob],
    ['of another user’s recovery', [executed({ userId: 'AIDAOTHER00000000001' })], bob],
    ['of a user who was deleted or renamed', [executed()], undefined],
    ['of a name that is another user’s', [executed()], { ...bob, userId: 'AIDAOTHER00000000001' }],
  ])('%s stays and is looked at again in an hour', async (_, recoveries, user) => {
    const world = Object.assign(guarded(...recoveries), { user });
    expect(await run(world)).toMatchObject({ ends: ['left'], changes: [[]] });
    expect([world.hasHold, world.guard?.recoveryId]).toEqual([false, recoveryId]);
    world.now += minutes(59);
    expect(await run(world)).toMatchObject({ ends: [] });
    world.now += minutes(1);
    expect(await run(world)).toMatchObject({ ends: ['left'] });
  });

  it('of a user without room for the hold is looked at again in an hour', async () => {
    const world = guarded(executed());
    world.room.attached = false;
    expect(await run(world)).toMatchObject({ ends: ['left'] });
    expect(world.guard).toMatchObject({ checkAfter: start + minutes(60) });
  });
});

describe('a user who is enrolled', () => {
  /** The device of the pass is active, but the guard was not lifted. */
  const enrolled = (recovery = executed()) => {
    const world = Object.assign(guarded(recovery), { pass });
    world.enable(phone, new Date(start - minutes(10)));
    return world;
  };

  it('with the device of the pass is free', async () => {
    const world = enrolled();
    expect(await run(world)).toMatchObject({ ends: ['guard-lifted'], changes: [['LiftGuard']] });
    expect([world.guard, world.pass, world.hasHold]).toEqual([undefined, undefined, false]);
  });

  it.each<[string, (world: World) => unknown]>([
    ['and has another device too', (world) => world.enable(tablet)],
    [
      'whose device is noted as enabled, and another as deactivated',
      (world) =>
        Object.assign(world, {
          recent: [
            { serialNumber: phone, active: true, at: start },
            { serialNumber: tablet, active: false, at: start },
          ],
        }),
    ],
  ])('%s is free', async (_, change) => {
    const world = enrolled();
    change(world);
    expect(await run(world)).toMatchObject({ ends: ['guard-lifted'] });
  });

  it.each<[string, (world: World) => unknown]>([
    ['with another device', (world) => world.devices.delete(phone) && world.enable(tablet)],
    ['with a device from before the guard', (world) => world.enable(phone, new Date(guard.at - 1))],
    ['without a pass', (world) => Object.assign(world, { pass: undefined })],
    [
      'with a pass of no device',
      (world) => Object.assign(world, { pass: { ...pass, serialNumber: undefined } }),
    ],
    [
      'with a pass of another recovery',
      (world) => Object.assign(world, { pass: { ...pass, recoveryId: 'x' } }),
    ],
    [
      'while sessions are to be revoked',
      (world) => Object.assign(world, { guard: { ...guard, mustRevoke: true } }),
    ],
    [
      'with a device deactivated a moment ago',
      (world) => Object.assign(world, { recent: [{ serialNumber: phone, active: false, at: start }] }),
    ],
  ])('%s is held again', async (_, change) => {
    const world = enrolled();
    change(world);
    expect(await run(world)).toMatchObject({ ends: ['hold-attached'] });
    expect([world.hasHold, world.guard?.recoveryId]).toEqual([true, recoveryId]);
  });

  it('while the recovery is still executing is held again', async () => {
    const world = enrolled(executed({ state: 'executing' }));
    expect(await run(world)).toMatchObject({ ends: ['hold-attached'] });
  });
});

describe('a run', () => {
  const worlds: readonly (readonly [string, () => World])[] = [
    ['hold-removed', () => held(executed())],
    ['hold-attached', () => guarded(executed())],
    [
      'guard-lifted',
      () => {
        const world = Object.assign(guarded(executed()), { pass });
        world.enable(phone, new Date(start - minutes(10)));
        return world;
      },
    ],
  ];

  it.each(worlds)('after a failure at any call of %s ends where one without ends', async (_, worldOf) => {
    const plain = worldOf();
    await run(plain);
    const calls = plain.calls.length;
    expect(calls).toBeGreaterThan(4);
    for (let call = 1; call <= calls; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = worldOf();
        world.failure = { call, when };
        await run(world);
        world.failure = undefined;
        world.now += minutes(60);
        world.leaseUntil = 0;
        await run(world);
        expect([world.hasHold, world.guard === undefined], `${when} call ${call}`).toEqual([
          plain.hasHold,
          plain.guard === undefined,
        ]);
      }
    }
  });

  it('reports what failed, and goes on with the next user', async () => {
    const world = held(executed());
    const eve = { userName: 'eve', userId: 'AIDAEVE0000000000001' };
    world.failure = { call: 'iam.getUser' };
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { all } = await run(world, { listHeld: async () => [bob, eve] });
    expect(all).toMatchObject([
      { userId: bob.userId, end: 'error', error: { code: 'upstream-failed' } },
      { userId: eve.userId, end: 'unexplained' },
    ]);
  });

  it('takes a lease that is taken for no failure', async () => {
    const world = held(executed());
    world.leaseUntil = start + 1;
    expect(await run(world)).toMatchObject({ ends: ['busy'] });
    expect(world.hasHold).toBe(true);
  });

  it('takes an unclear end for a failure, not for a lease that is taken', async () => {
    const world = held(executed());
    world.failure = { call: 'iam.detachHold', when: 'after', code: 'busy' };
    expect(await run(world)).toMatchObject({ ends: ['error'], changes: [['DetachUserPolicy']] });
  });

  it('looks at twenty users at most, beginning anywhere', async () => {
    const random = vi.spyOn(Math, 'random');
    const users = Array.from({ length: 40 }, (_, number) => ({
      userName: `u${number}`,
      userId: `AIDA${number}`,
    }));
    const seen = new Set<string>();
    for (const start of [0, 0.5]) {
      random.mockReturnValue(start);
      const { all } = await run(new World(), { listHeld: async () => users });
      expect(all).toHaveLength(20);
      for (const { userId } of all) seen.add(userId);
    }
    expect(seen.size).toBe(40);
  });

  it('does not begin what it has no time for', async () => {
    const world = held(executed());
    const list = vi.fn(async () => []);
    expect(await run(world, { listHeld: list }, () => 12_000)).toMatchObject({ ends: [] });
    expect(list).not.toHaveBeenCalled();
    let left = 13_100;
    const eve = { userName: 'eve', userId: 'AIDAEVE0000000000001' };
    const { all } = await run(world, { listHeld: async () => [eve, eve] }, () => {
      left -= 500;
      return left;
    });
    expect(all).toHaveLength(1);
  });

  it.each(['listHeld', 'listGuards'] as const)('fails if it cannot list: %s', async (list) => {
    const failing = { [list]: () => Promise.reject(new Problem('upstream-failed', 'No.')) };
    await expect(run(held(executed()), failing)).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});
