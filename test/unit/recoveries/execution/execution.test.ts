import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import {
  bob,
  key,
  older,
  ownerTag,
  pending,
  phone,
  problem,
  recoveryId,
  recoveryOf,
  start,
  tablet,
  token,
  World,
} from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const recoveryIn = (world: World) => world.store.get(recoveryId);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

/** Runs the recovery to its end. */
async function executed(recovery: Recovery, prepare: (world: World) => void = () => undefined) {
  const world = new World(recovery);
  prepare(world);
  const { end } = await world.execute();
  return { world, end, recovery: await recoveryIn(world) };
}

describe('an execution', () => {
  it('takes all devices, and leaves the user guarded', async () => {
    const { world, end, recovery } = await executed(recoveryOf([phone, tablet]));

    expect(end).toBe('executed');
    expect(world.deactivated).toEqual([phone, tablet]);
    expect(world.devices.size).toBe(0);
    expect(world.hasHold).toBe(true);
    expect(world.guard).toEqual({ recoveryId, at: start });
    expect(recovery).toMatchObject({ state: 'executed', executedAt: at(0), dueAt: undefined });
    expect(world.leaseUntil).toBe(0);
  });

  it('guards before it holds, holds before it looks, notes before it takes, and looks again', async () => {
    const { world } = await executed(recoveryOf([phone], { reason: 'stolen' }));
    expect(world.calls.filter((call) => call !== 'iam.getUser' && call !== 'store.get')).toEqual([
      ...['lease.acquire', 'lease.write', 'store.replace'],
      ...['lease.write', 'iam.attachHold'],
      ...['iam.listActive', 'store.replace', 'lease.record', 'iam.deactivate'],
      ...['store.replace', 'iam.denyOldSessions'],
      ...['iam.remove', 'iam.listUnassigned', 'iam.listActive'],
      'lease.release',
    ]);
    expect(world.broken).toEqual([]);
  });

  it('does not count against the user what a thief created', async () => {
    const { world } = await executed(recoveryOf([phone]), (before) => {
      before.creations = [{ serialNumber: pending, at: start, pending: true }];
    });

    expect(world.creations).toEqual([]);
  });

  it('looks who the user is before each step', async () => {
    const { world } = await executed(recoveryOf([phone]));
    expect(world.calls.filter((call) => call === 'iam.getUser')).toHaveLength(11);
  });

  it('deletes virtual devices wherever they are, and only deactivates hardware tokens and FIDO keys', async () => {
    const { world } = await executed(recoveryOf([phone, older, token, key]));
    expect(world.deactivated).toEqual([phone, older, token, key]);
    expect([...world.devices.keys()]).toEqual([token]);
    expect(world.calls.filter((call) => call === 'iam.remove')).toHaveLength(2);
  });

  it('notes each device before it is taken', async () => {
    const { world } = await executed(recoveryOf([phone, token]));
    expect(world.recent.map(({ serialNumber, active }) => [serialNumber, active])).toEqual([
      [phone, false],
      [token, false],
    ]);
  });

  it('of some devices leaves the others, and the user as free as before', async () => {
    const { world, recovery } = await executed(recoveryOf([phone, tablet], { targets: [phone] }));
    expect(recovery?.state).toBe('executed');
    expect(world.active).toEqual([tablet]);
    expect([world.hasHold, world.guard]).toEqual([false, undefined]);
  });

  it('keeps guard and hold when the other device was deactivated so lately that IAM may show it still', async () => {
    const { world } = await executed(recoveryOf([phone, tablet], { targets: [phone] }), (prepared) => {
      prepared.recent = [{ serialNumber: tablet, active: false, at: start - 1000 }];
    });
    expect([world.hasHold, world.guard?.recoveryId]).toEqual([true, recoveryId]);
  });

  it('does not mind a device that was deactivated lately and is not its own', async () => {
    const { end } = await executed(recoveryOf([phone]), (prepared) => {
      prepared.recent = [{ serialNumber: tablet, active: false, at: start - 1000 }];
    });
    expect(end).toBe('executed');
  });

  it.each([
    ['their own, with their tag', pending, ownerTag(), false],
    ['one in their path of an earlier user of that name', pending, ownerTag('AIDABOB0000000000000'), true],
    ['one in their path without a tag', pending, {}, true],
    ['one outside their path with their tag', 'arn:aws:iam::123456789012:mfa/pending', ownerTag(), true],
    [
      'one in the path of a user whose name begins alike',
      `${pending.replace('/bob/', '/bobby/')}`,
      ownerTag(),
      true,
    ],
    ['one deeper in their path', `${pending}/more`, ownerTag(), true],
  ])('of pending devices, %s: kept is %s', async (_, serialNumber, tags, kept) => {
    const { world } = await executed(recoveryOf([phone]), ({ devices }) =>
      devices.set(serialNumber, { tags }),
    );
    expect(world.devices.has(serialNumber)).toBe(kept);
  });

  it('takes a pending device that was enabled just before its deletion', async () => {
    const world = new World(recoveryOf([phone]));
    world.devices.set(pending, { tags: ownerTag() });
    world.onCall = (name) => {
      if (name === 'iam.listUnassigned') world.enable(pending);
    };

    await expect(world.execute()).resolves.toMatchObject({ end: 'executed' });

    expect(world.active).toEqual([]);
    expect([world.hasHold, world.guard?.recoveryId]).toEqual([true, recoveryId]);
    expect((await recoveryIn(world))?.removedDevices).toContainEqual({
      ...{ serialNumber: pending, enabledAt: at(0), addedSinceRequest: true },
    });
  });

  it('comes back to a pending device that could not be deleted', async () => {
    const world = new World(recoveryOf([]));
    world.devices.set(pending, { tags: ownerTag() });
    world.failure = { call: 'iam.remove', code: 'throttled' };

    await expect(world.execute()).resolves.toMatchObject({ end: 'error' });
    expect((await world.goOn())?.state).toBe('executed');
    expect(world.devices.has(pending)).toBe(false);
  });

  it('leaves a user free whose other device was enabled recently', async () => {
    const { world } = await executed(recoveryOf([phone, tablet], { targets: [phone] }), (prepared) => {
      prepared.recent = [{ serialNumber: tablet, active: true, at: start - 1000 }];
    });
    expect([world.hasHold, world.guard]).toEqual([false, undefined]);
  });

  it('leaves a device alone that somebody else holds by now', async () => {
    const { world, end } = await executed(recoveryOf([phone]), ({ devices }) =>
      devices.set(phone, { holder: 'AIDACAROL00000000001', enabledAt: new Date(start), tags: {} }),
    );
    expect(end).toBe('executed');
    expect(world.devices.get(phone)?.holder).toBe('AIDACAROL00000000001');
  });

  it('comes back to a device that IAM does not delete yet', async () => {
    const world = new World(recoveryOf([phone]));
    world.failure = { call: 'iam.remove', code: 'device-active' };
    expect((await world.execute()).end).toBe('error');
    expect((await world.goOn())?.state).toBe('executed');
    expect(world.devices.size).toBe(0);
  });

  it('ends a pass that another recovery has given', async () => {
    const { world } = await executed(recoveryOf([phone]), (prepared) => {
      prepared.guard = { recoveryId: 'earlier', at: start };
      prepared.pass = { recoveryId: 'earlier', hash: 'x', expiresAt: start + 60_000, wrong: 0 };
    });
    expect(world.pass).toBeUndefined();
    expect(world.guard?.recoveryId).toBe(recoveryId);
  });

  it('keeps an earlier recovery’s guard until it takes devices itself', async () => {
    const world = new World(recoveryOf([phone]));
    world.guard = { recoveryId: 'earlier', at: start };
    world.hasHold = true;
    const guards: unknown[] = [];
    world.onCall = (name) => guards.push([name, world.guard?.recoveryId]);
    await world.execute();
    expect(guards).toContainEqual(['iam.listActive', 'earlier']);
    expect(guards).toContainEqual(['iam.deactivate', recoveryId]);
  });

  it('of a user without devices guards them all the same', async () => {
    const { world, end } = await executed(recoveryOf([]));
    expect([end, world.hasHold, world.guard?.recoveryId]).toEqual(['executed', true, recoveryId]);
  });

  it.each([true, false])(
    'of a user whom a failed recovery left guarded without devices goes on in its place (hold still there: %s)',
    async (hasHold) => {
      const failed = recoveryOf([phone], { id: 'failed', state: 'failed', removalBegunAt: at(-60) });
      const world = new World(recoveryOf([]), { ...failed, devices: [] });
      world.guard = { recoveryId: 'failed', at: start - 60_000 };
      world.pass = { recoveryId: 'failed', hash: 'x', expiresAt: start + 60_000, wrong: 0 };
      world.hasHold = hasHold;

      const { end } = await world.execute();

      expect(end).toBe('executed');
      expect([world.hasHold, world.guard, world.pass]).toEqual([true, { recoveryId, at: start }, undefined]);
      expect(await recoveryIn(world)).toMatchObject({ state: 'executed' });
      expect(world.deactivated).toEqual([]);
    },
  );

  it('does nothing once it has ended', async () => {
    const { world } = await executed(recoveryOf([phone]));
    world.calls.length = 0;
    expect((await world.execute()).end).toBe('idle');
    expect(world.calls).toEqual(['store.get']);
  });

  it.each(['requested', 'objected', 'denied', 'cancelled', 'expired', 'failed'] as const)(
    'does not begin when the recovery is %s',
    async (state) => {
      const { world, end } = await executed(recoveryOf([phone], { state }));
      expect(end).toBe('idle');
      expect(world.calls).toEqual(['store.get']);
    },
  );
});

describe('of a stolen device', () => {
  const stolen = recoveryOf([phone], { reason: 'stolen' });

  it('sessions of the next minute are revoked at once and again afterwards, for the longest that one can live', async () => {
    const { world, end, recovery: waiting } = await executed(stolen);
    expect(end).toBe('waiting');
    expect(waiting).toMatchObject({ state: 'executing', revokeAfter: at(60), dueAt: at(60) });
    expect(world.active).toEqual([]);

    world.now = start + 59_999;
    expect(await world.sweep()).toEqual([]);
    expect((await world.execute()).end).toBe('waiting');
    expect(world.revokedBefore).toEqual(new Date(start + 60_000));

    world.revokedBefore = undefined;
    world.now = start + 75_000;
    expect(await world.sweep()).toMatchObject([{ end: 'executed' }]);
    expect(world.revokedBefore).toEqual(new Date(start + 60_000));
    expect(await recoveryIn(world)).toMatchObject({
      state: 'executed',
      executedAt: at(75),
      revokedUntil: at(75 + 36 * 3600),
      dueAt: at(75 + 36 * 3600),
    });
  });

  it('the user stays guarded while that is to come, also with another device', async () => {
    const { world } = await executed(recoveryOf([phone, tablet], { targets: [phone], reason: 'stolen' }));
    expect([world.hasHold, world.guard?.recoveryId]).toEqual([true, recoveryId]);
    await world.goOn();
    expect([world.hasHold, world.guard, world.active]).toEqual([false, undefined, [tablet]]);
  });

  it('a repetition revokes as of the same moment', async () => {
    const { world } = await executed(stolen);
    world.now = start + 75_000;
    world.failure = { call: 'iam.denyOldSessions', when: 'after' };
    await world.sweep();
    await world.goOn();
    expect(world.revokedBefore).toEqual(new Date(start + 60_000));
  });

  it('it fails, and the user stays held, when their policies leave no room for the revocation', async () => {
    const { world, end, recovery } = await executed(stolen, ({ room }) => {
      room.inline = false;
    });
    expect(end).toBe('failed');
    expect(recovery).toMatchObject({ state: 'failed', failure: 'policy-quota', dueAt: undefined });
    expect([world.hasHold, world.guard]).toEqual([true, { recoveryId, at: start, mustRevoke: true }]);
    expect(world.active).toEqual([]);
  });

  it.each(['lost', 'stolen'] as const)(
    'and it fails, the next recovery has to revoke, although its devices are %s',
    async (reason) => {
      const next = recoveryOf([], { id: 'next', state: 'requested', dueAt: undefined, reason });
      const world = new World(stolen, next);
      world.room.inline = false;
      await world.execute();
      const approveNext = (version: number) =>
        world.store.replace({ ...next, state: 'approved', dueAt: at(0), version });

      await approveNext(next.version + 1);
      await world.execute('next');
      const failed = await world.store.get('next');
      const again = recoveryOf([], { id: 'again', reason: 'broken' });
      await world.store.create(again);
      world.room.inline = true;
      await world.goOn();

      expect(failed).toMatchObject({ state: 'failed', failure: 'policy-quota' });
      expect(await world.store.get('again')).toMatchObject({
        ...{ state: 'executed', revokeAfter: expect.any(String), revokedUntil: expect.any(String) },
      });
      expect(world.revokedBefore?.getTime()).toBeGreaterThan(start + 60_000);
      expect(world.guard).toEqual({ recoveryId: 'again', at: expect.any(Number) });
      expect([world.hasHold, world.broken]).toEqual([true, []]);
    },
  );

  it('sessions are revoked before anything is cleaned up', async () => {
    const world = new World(stolen);
    world.devices.set(pending, { tags: ownerTag() });
    world.failure = { call: 'iam.remove', goesOn: true };
    await world.execute();
    expect(world.revokedBefore).toEqual(new Date(start + 60_000));
  });

  it('an error while it waits does not make it wait longer', async () => {
    const { world } = await executed(stolen);
    world.now = start + 20_000;
    world.failure = { call: 'iam.listActive' };
    await world.execute();
    world.now = start + 45_000;
    await world.execute();
    expect(await recoveryIn(world)).toMatchObject({ revokeAfter: at(60) });
    world.now = start + 60_000;
    expect(await world.sweep()).toMatchObject([{ end: 'executed' }]);
  });

  it('a device that was enabled while it waited is taken, and its sessions are revoked, too', async () => {
    const { world } = await executed(stolen);
    world.enable(tablet, new Date(start + 30_000));
    const recovery = await world.goOn();
    expect(recovery).toMatchObject({
      ...{ state: 'executed', revokeAfter: at(120) },
      removedDevices: [
        { serialNumber: phone, enabledAt: '2026-10-01T00:00:00.000Z', addedSinceRequest: false },
        { serialNumber: tablet, enabledAt: at(30), addedSinceRequest: true },
      ],
    });
    expect(world.revokedBefore).toEqual(new Date(start + 120_000));
    expect([world.active, world.hasHold, world.guard?.recoveryId]).toEqual([[], true, recoveryId]);
    expect(world.broken).toEqual([]);
  });

  it('one that was enabled again while it waited, and that IAM does not list yet, is taken likewise', async () => {
    const { world } = await executed(stolen);
    world.enable(phone, new Date(start + 50_000));
    world.unlisted.add(phone);
    world.now = start + 75_000;
    expect(await world.sweep()).toMatchObject([{ end: 'waiting' }]);
    expect(world.active).toEqual([]);
    expect(await recoveryIn(world)).toMatchObject({ revokeAfter: at(135) });
    expect(world.revokedBefore).toEqual(new Date(start + 135_000));
  });

  it('one that is enabled while it cleans up is taken at once, and the wait begins anew', async () => {
    const world = new World(stolen);
    world.onCall = (name) => {
      if (name !== 'iam.listUnassigned' || world.now > start) return;
      world.now = start + 5000;
      world.enable(tablet);
    };
    expect((await world.execute()).end).toBe('waiting');
    expect(await recoveryIn(world)).toMatchObject({ revokeAfter: at(65), dueAt: at(65) });
    expect(world.revokedBefore).toEqual(new Date(start + 65_000));
    expect(world.active).toEqual([]);
  });

  it('the revocation ends when no session from before can be alive', async () => {
    const { world } = await executed(stolen);
    await world.goOn();
    world.now = Date.parse((await recoveryIn(world))?.revokedUntil ?? '') - 1;
    expect(await world.sweep()).toEqual([]);
    world.now += 1;
    expect(await world.sweep()).toMatchObject([{ task: 'end-revocation', end: 'revocation-ended' }]);
    expect(world.revokedBefore).toBeUndefined();
    expect(await recoveryIn(world)).toMatchObject({
      state: 'executed',
      revokedUntil: undefined,
      dueAt: undefined,
    });
  });
});

describe('the end of a revocation', () => {
  const over = recoveryOf([phone], {
    ...{ state: 'executed', reason: 'stolen', executedAt: at(-129_600), revokedUntil: at(0), dueAt: at(0) },
  });

  async function ended(prepare: (world: World) => void = () => undefined, ...others: readonly Recovery[]) {
    const world = new World(over, ...others);
    world.revokedBefore = new Date(start);
    prepare(world);
    const [outcome] = await world.sweep();
    return { world, outcome };
  }

  it.each([
    ['needs it still', at(1), true],
    ['needs it no more', at(-1), false],
  ])('leaves the policy where another recovery of the user %s', async (_, revokedUntil, isRevoked) => {
    const another = { ...over, id: 'another', revokedUntil, dueAt: undefined };
    const many = Array.from({ length: 150 }, (_each, index) =>
      recoveryOf([], { id: `${index}`, state: 'denied', dueAt: undefined }),
    );
    const { world, outcome } = await ended(undefined, ...many, { ...another, requestedAt: at(-999_999) });
    expect(outcome?.end).toBe('revocation-ended');
    expect(world.revokedBefore !== undefined).toBe(isRevoked);
    expect(await recoveryIn(world)).toMatchObject({ revokedUntil: undefined });
  });

  it.each([
    ['is gone', undefined],
    ['is another of that name', { ...bob, userId: 'AIDABOB0000000000002' }],
  ])('touches nobody when the user %s', async (_, user) => {
    const { world, outcome } = await ended((prepared) => {
      prepared.user = user;
    });
    expect(outcome?.end).toBe('revocation-ended');
    expect(world.calls).not.toContain('iam.allowOldSessions');
  });

  it('is tried again when IAM fails', async () => {
    const { world, outcome } = await ended((prepared) => {
      prepared.failure = { call: 'iam.allowOldSessions' };
    });
    expect(outcome).toMatchObject({ end: 'error' });
    expect(await recoveryIn(world)).toMatchObject({ revokedUntil: at(0), dueAt: at(30) });
    expect((await world.goOn())?.revokedUntil).toBeUndefined();
    expect(world.revokedBefore).toBeUndefined();
  });
});

describe('an execution fails', () => {
  const untouched = async (world: World) => {
    expect(world.deactivated).toEqual([]);
    expect(world.active).toContain(phone);
    expect([world.hasHold, world.guard]).toEqual([false, undefined]);
  };

  it.each([
    ['is gone', undefined],
    ['has another UserId', { ...bob, userId: 'AIDABOB0000000000002' }],
    ['has another ARN', { ...bob, userArn: 'arn:aws:iam::123456789012:user/team/bob' }],
  ])('when the user %s', async (_, user) => {
    const { world, end, recovery } = await executed(recoveryOf([phone]), (prepared) => {
      prepared.user = user;
    });
    expect(end).toBe('failed');
    expect(recovery).toMatchObject({ state: 'failed', failure: 'user-changed', dueAt: undefined });
    await untouched(world);
  });

  it.each(['lease.write', 'iam.attachHold', 'store.replace'])(
    'when the user becomes another after %s, and does nothing to them any more',
    async (last) => {
      const world = new World(recoveryOf([phone]));
      let since = Number.POSITIVE_INFINITY;
      world.onCall = (name) => {
        if (name !== last || since < Number.POSITIVE_INFINITY) return;
        world.user = { ...bob, userId: 'AIDABOB0000000000002' };
        since = world.calls.length;
      };
      await world.execute();
      expect(await recoveryIn(world)).toMatchObject({ state: 'failed', failure: 'user-changed' });
      const later = world.calls.slice(since).filter((call) => call.startsWith('iam.'));
      expect(later).toEqual(['iam.getUser']);
      expect(world.guard).toBeUndefined();
    },
  );

  it('and lifts the guard when it was interrupted before anything was taken', async () => {
    const world = new World(recoveryOf([phone]));
    world.failure = { call: 'iam.attachHold', when: 'after', goesOn: true };
    await world.execute();
    expect([world.hasHold, world.guard?.recoveryId]).toEqual([true, recoveryId]);
    world.failure = undefined;
    world.hasHold = false;
    world.room.attached = false;
    expect(await world.goOn()).toMatchObject({ state: 'failed', failure: 'policy-quota' });
    await untouched(world);
  });

  it('and leaves an earlier guard when there is no room for the hold', async () => {
    const { world, recovery } = await executed(recoveryOf([phone]), (prepared) => {
      prepared.guard = { recoveryId: 'earlier', at: start };
      prepared.room.attached = false;
    });
    expect(recovery?.failure).toBe('policy-quota');
    expect(world.guard?.recoveryId).toBe('earlier');
  });

  it('when the user’s policies leave no room for the hold', async () => {
    const { world, end, recovery } = await executed(recoveryOf([phone]), ({ room }) => {
      room.attached = false;
    });
    expect(end).toBe('failed');
    expect(recovery).toMatchObject({ state: 'failed', failure: 'policy-quota' });
    await untouched(world);
  });
});

describe('a device that the approvers did not see', () => {
  const old = '2026-10-01T00:00:00.000Z';

  it.each([
    ['was enabled since', (world: World) => world.enable(tablet), tablet, at(0)],
    [
      'was enabled before, but IAM did not list it',
      (world: World) => world.enable(tablet, new Date(old)),
      tablet,
      old,
    ],
    ['was enabled anew under its old serial number', (world: World) => world.enable(phone), phone, at(0)],
    ['may be active though IAM does not list it', claim, tablet, undefined],
  ])('is taken, and marked, when it %s', async (_, prepare, serialNumber, enabledAt) => {
    for (const targets of [undefined, [phone]]) {
      const { world, end, recovery } = await executed(recoveryOf([phone], { targets }), prepare);

      expect(end).toBe('executed');
      expect(world.active).toEqual([]);
      expect(recovery?.removedDevices).toContainEqual({
        ...{ serialNumber, addedSinceRequest: true },
        ...(enabledAt !== undefined && { enabledAt }),
      });
      expect([world.hasHold, world.guard?.recoveryId]).toEqual([true, recoveryId]);
      vi.restoreAllMocks();
    }
  });

  function claim(world: World): void {
    world.enable(tablet);
    world.unlisted.add(tablet);
    world.recent = [{ serialNumber: tablet, active: true, at: start - 1000 }];
  }

  it('is noted before anything is taken', async () => {
    const world = new World(recoveryOf([phone]));
    world.enable(tablet);
    world.failure = { call: 'iam.deactivate', goesOn: true };
    await world.execute();
    expect(await recoveryIn(world)).toMatchObject({
      removedDevices: [{ serialNumber: phone }, { serialNumber: tablet, addedSinceRequest: true }],
    });
    expect(world.deactivated).toEqual([]);
  });

  it.each([false, true])(
    'is taken when it is enabled just before the deactivation (interrupted: %s)',
    async (dies) => {
      const world = new World(recoveryOf([phone]));
      world.onCall = (name) => {
        if (name === 'iam.deactivate' && world.deactivated.length === 1) world.enable(tablet);
      };
      if (dies) world.failure = { call: 'iam.remove', goesOn: true };
      await world.execute();
      expect(await world.goOn()).toMatchObject({ state: 'executed' });
      expect(world.active).toEqual([]);
      expect([world.hasHold, world.guard?.recoveryId, world.broken]).toEqual([true, recoveryId, []]);
    },
  );

  it('is taken although the approvers let another one stay', async () => {
    const { world } = await executed(
      recoveryOf([phone, tablet], { targets: [phone], reason: 'stolen' }),
      (prepared) => prepared.enable(token),
    );
    await world.goOn();
    expect(world.active).toEqual([tablet]);
    expect([world.hasHold, world.guard, world.broken]).toEqual([false, undefined, []]);
  });

  it('cannot veto: enabled again and again, it is taken again and again', async () => {
    const world = new World(recoveryOf([phone], { reason: 'stolen' }));
    world.onCall = (name) =>
      name === 'iam.listUnassigned' && world.now < start + 300_000 && world.enable(tablet);
    await world.execute();
    expect(await world.goOn()).toMatchObject({ state: 'executed' });
    expect(world.active).toEqual([]);
    expect(world.broken).toEqual([]);
  });
});

describe('another recovery of the same user', () => {
  const other = recoveryOf([phone], { id: 'other', reason: 'stolen' });

  it.each(['approved', 'executing'] as const)('that is %s comes first', async (state) => {
    const world = new World({ ...other, state, dueAt: at(600) }, recoveryOf([phone]));
    world.recoveryUnderWay = 'other';

    expect((await world.execute()).end).toBe('busy');

    expect(await recoveryIn(world)).toMatchObject({ state: 'approved', dueAt: at(30) });
    expect([world.hasHold, world.guard, world.deactivated]).toEqual([false, undefined, []]);
    world.now = start + 700_000;
    await world.goOn();
    expect(await world.store.get('other')).toMatchObject({ state: 'executed' });
    expect(await recoveryIn(world)).toMatchObject({ state: 'executed' });
    expect(world.guard?.recoveryId).toBe(recoveryId);
    expect([world.hasHold, world.broken]).toEqual([true, []]);
  });

  it.each(['requested', 'objected', 'denied', 'cancelled', 'expired', 'executed', 'failed'] as const)(
    'that is %s does not hold it up, whatever the marker says',
    async (state) => {
      const world = new World({ ...other, state, dueAt: undefined }, recoveryOf([phone]));
      world.recoveryUnderWay = 'other';
      expect((await world.execute()).end).toBe('executed');
      expect(world.recoveryUnderWay).toBe(recoveryId);
    },
  );

  it('that has begun without a marker, as in an earlier version, keeps its guard and hold to the end', async () => {
    const world = new World({ ...other, state: 'executing' }, recoveryOf([phone]));
    world.guard = { recoveryId: 'other', at: start };
    world.recoveryUnderWay = recoveryId;

    expect((await world.execute()).end).toBe('busy');
    expect((await world.execute('other')).end).toBe('waiting');

    expect(world.guard.recoveryId).toBe('other');
  });

  it('that is gone does not hold it up', async () => {
    const world = new World(recoveryOf([phone]));
    world.recoveryUnderWay = 'gone';
    expect((await world.execute()).end).toBe('executed');
  });
});

describe('an objection that comes', () => {
  const object = async (world: World) => {
    const current = await recoveryIn(world);
    if (current?.state !== 'approved') throw new Error('too late');
    await world.store.replace({ ...current, state: 'objected', version: current.version + 1 });
  };

  it.each(['store.get', 'lease.acquire', 'iam.getUser'])(
    'before the execution has begun (%s) stops it',
    async (when) => {
      const world = new World(recoveryOf([phone]));
      let objected = false;
      world.onCall = async (name) => {
        if (name !== when || objected) return;
        objected = true;
        await object(world);
      };
      expect((await world.execute()).end).toBe('superseded');
      expect((await recoveryIn(world))?.state).toBe('objected');
      expect(world.deactivated).toEqual([]);
      expect([world.hasHold, world.guard]).toEqual([false, undefined]);
    },
  );
});

describe('while another function has the lease', () => {
  it('the execution is put off a little, and that is no failure', async () => {
    const world = new World(recoveryOf([phone]));
    world.leaseUntil = start + 60_000;
    expect((await world.execute()).end).toBe('busy');
    expect(await recoveryIn(world)).toMatchObject({ state: 'approved', dueAt: at(30) });
    expect(world.deactivated).toEqual([]);
    expect((await world.goOn())?.state).toBe('executed');
  });

  it('which is the one that executes, the recovery is executed once', async () => {
    const world = new World(recoveryOf([phone, tablet]));
    const ends = await Promise.all([world.execute(), world.execute(), world.sweep()]);
    expect(ends.flat().filter(({ end }) => end === 'executed')).toHaveLength(1);
    expect(world.deactivated).toEqual([phone, tablet]);
    expect(await recoveryIn(world)).toMatchObject({ state: 'executed', dueAt: undefined });
  });

  it('which then has executed it, the recovery is neither executed again nor put off', async () => {
    const world = new World(recoveryOf([phone]));
    let reads = 0;
    world.onCall = async (name) => {
      reads += name === 'store.get' ? 1 : 0;
      const current = await recoveryIn(world);
      if (reads !== 1 || current?.state !== 'approved') return;
      await world.store.replace({
        ...current,
        state: 'executed',
        dueAt: undefined,
        version: current.version + 1,
      });
    };
    expect((await world.execute()).end).toBe('superseded');
    expect(world.calls.filter((call) => call.startsWith('iam.'))).toEqual([]);
  });

  it('which has executed it meanwhile, the recovery is not put off', async () => {
    const world = new World(recoveryOf([phone]));
    world.leaseUntil = start + 60_000;
    const { onCall } = world;
    world.onCall = async () => {
      world.onCall = onCall;
      const current = await recoveryIn(world);
      if (current) await world.store.replace({ ...current, state: 'executed', dueAt: undefined, version: 3 });
    };
    expect((await world.execute()).end).toBe('busy');
    expect(await recoveryIn(world)).toMatchObject({ state: 'executed', dueAt: undefined });
  });
});

describe('an error of AWS', () => {
  it.each(['throttled', 'upstream-failed', 'timeout', 'busy'] as const)(
    '(%s) leaves the state, and is tried again',
    async (code) => {
      const world = new World(recoveryOf([phone]));
      world.failure = { call: 'iam.deactivate', code };
      expect(await world.execute()).toMatchObject({ end: 'error', error: { code } });
      expect(await recoveryIn(world)).toMatchObject({ state: 'executing', dueAt: at(30) });
      expect((await world.goOn())?.state).toBe('executed');
      expect(world.deactivated).toEqual([phone]);
    },
  );

  it('does not put off a clean-up that gets on', async () => {
    const world = new World(recoveryOf([phone]));
    for (const name of ['a', 'b', 'c', 'd']) world.devices.set(`${pending}${name}`, { tags: ownerTag() });
    let removed = 0;
    world.onCall = (name) => {
      if (name !== 'iam.remove') return;
      removed += 1;
      if (removed % 2 === 0) throw problem('timeout');
    };

    for (const left of [3, 1]) {
      expect(await world.execute()).toMatchObject({ end: 'error', progressed: true });
      expect(await recoveryIn(world)).toMatchObject({ dueAt: at(0) });
      expect(world.devices.size).toBe(left);
    }
    expect(await world.execute()).toMatchObject({ end: 'executed' });
  });

  it('that lasts is tried again after ever longer, and never given up', async () => {
    const world = new World(recoveryOf([phone]));
    world.failure = { call: 'iam.attachHold', goesOn: true, of: /^iam/ };
    const waits: number[] = [];
    for (let tries = 0; tries < 10; tries += 1) {
      await world.execute();
      const dueAt = Date.parse((await recoveryIn(world))?.dueAt ?? '');
      waits.push((dueAt - world.now) / 1000);
      world.now = dueAt;
    }
    expect(waits).toEqual([30, 30, 60, 120, 240, 480, 900, 900, 900, 900]);
  });

  it('is told as it is', async () => {
    const world = new World(recoveryOf([phone]));
    const error = problem('throttled');
    world.onCall = (name) => {
      if (name === 'iam.attachHold') throw error;
    };
    await world.execute();
    expect(world.told).toEqual([{ id: recoveryId, task: 'execute', end: 'error', error }]);
  });
});
