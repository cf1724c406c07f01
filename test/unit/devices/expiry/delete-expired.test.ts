import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem, type ProblemCode } from '../../../../shared/contract/problem.ts';
import { runExpiry } from '../../../../shared/devices/expiry/run.ts';
import { aliceId, bobId, past, serial, tagsOf, World } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const problem = (code: ProblemCode) => new Problem(code, 'Not now.');
const nothing = { pending: 0, deleted: 0, kept: 0, failed: 0, left: 0 };

/** The UserId of the owner whose devices are in the path of that user. */
const idOf = (number: number) => `AIDAUSER${String(number).padStart(12, '0')}`;

describe('a run', () => {
  it('without devices does nothing', async () => {
    expect(await runExpiry(new World().context)).toEqual(nothing);
  });

  it('deletes everything expired of every page once', async () => {
    const world = new World().with(1100).with(3, 'bob', bobId);

    expect(await runExpiry(world.context)).toEqual({ ...nothing, pending: 1103, deleted: 1103 });

    expect(world.devices.size).toBe(0);
    expect(new Set(world.deleted.map(({ serialNumber }) => serialNumber)).size).toBe(1103);
    expect(world.count('list Unassigned')).toBe(2);
  });

  it('deletes twelve devices of one owner under one lease', async () => {
    const world = new World().with(12);

    expect(await runExpiry(world.context)).toMatchObject({ deleted: 12, left: 0 });

    expect(world.count('lease')).toBe(1);
    expect(world.calls).toHaveLength(2 + 1 + 3 * 12);
  });

  it('deletes the 4,999 devices of one attacker with three calls to IAM each, and those of others first', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const world = new World().with(4999, 'mallory', bobId).with(1);

    expect(await runExpiry(world.context)).toMatchObject({ deleted: 5000, left: 0 });

    expect(world.calls.filter((call) => /^(listTags|remove)/.test(call))).toHaveLength(3 * 5000);
    expect(world.count('lease')).toBe(51);
    expect(world.deleted.findIndex(({ ownerId }) => ownerId === aliceId)).toBeLessThanOrEqual(101);
  });

  it('treats owners beside each other, but at most four devices at a time', async () => {
    const world = new World();
    for (let user = 0; user < 10; user += 1) world.with(3, `user-${user}`, idOf(user));
    let underWay = 0;
    let most = 0;
    let owners = 0;
    world.before = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      owners = Math.max(owners, world.leases.size);
      await new Promise(setImmediate);
      underWay -= 1;
    };

    expect(await runExpiry(world.context)).toMatchObject({ deleted: 30 });

    expect([most, owners]).toEqual([4, 4]);
  });

  it('starts at varying users, so that none is always left out', async () => {
    const random = vi.spyOn(Math, 'random');
    const seen = new Set<string>();
    for (const start of [0, 0.25, 0.5, 0.75]) {
      random.mockReturnValue(start);
      const world = new World();
      for (let user = 0; user < 400; user += 1) world.with(1, `user-${user}`, idOf(user));
      world.before = () => {
        world.millisLeft -= 160;
      };
      const { left } = await runExpiry(world.context);
      expect(left).toBeGreaterThan(0);
      for (const { serialNumber } of world.deleted) seen.add(serialNumber);
    }
    expect(seen.size).toBeGreaterThan(300);
  });

  it('fails when the devices cannot be listed', async () => {
    const { context } = new World();
    const unassigned = () => {
      throw problem('upstream-failed');
    };
    await expect(
      runExpiry({ ...context, directory: { ...context.directory, unassigned } }),
    ).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});

describe('an owner whose lease is taken', () => {
  it('comes again in the same run, after the others', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const world = new World().with(2).with(2, 'bob', bobId);
    world.busy.set(aliceId, 2);

    expect(await runExpiry(world.context)).toMatchObject({ deleted: 4, left: 0 });

    expect(world.calls.filter((call) => /^(lease|pause)/.test(call))).toEqual([
      ...[`lease ${aliceId}`, `lease ${bobId}`],
      ...['pause', `lease ${aliceId}`, 'pause', `lease ${aliceId}`],
    ]);
  });

  it('and stays taken is left to the next run', async () => {
    const world = new World().with(2);
    world.busy.set(aliceId, 100);

    expect(await runExpiry(world.context)).toEqual({ ...nothing, pending: 2, left: 2 });

    expect(world.failures).toEqual([]);
    expect(world.count('pause')).toBe(5);
  });
});

describe('the time', () => {
  it('ends a run soon enough to finish cleanly', async () => {
    const world = new World().with(1000);
    world.before = () => {
      world.millisLeft -= 100;
    };

    const { deleted, left } = await runExpiry(world.context);

    expect(left).toBeGreaterThan(0);
    expect(deleted + left).toBe(1000);
    expect(world.deleted).toHaveLength(deleted);
    expect(world.millisLeft).toBeGreaterThan(11_000);
  });

  it('of one lease is short: the owner gets it between two turns', async () => {
    const world = new World().with(30);
    world.before = (call) => {
      if (call === 'remove') world.millisLeft -= 800;
    };

    expect(await runExpiry(world.context)).toMatchObject({ deleted: 30, left: 0 });

    expect(world.count('lease')).toBeGreaterThanOrEqual(3);
    expect(world.count('lease')).toBeLessThanOrEqual(5);
  });
});

describe('a failure', () => {
  it('of one device is reported, and the others go on', async () => {
    const world = new World().with(10);
    world.before = (_, serialNumber) => {
      if (serialNumber === serial(3)) throw problem('upstream-failed');
    };
    expect(await runExpiry(world.context)).toEqual({ ...nothing, pending: 10, deleted: 9, failed: 1 });
    expect(world.failures).toEqual([[{ serialNumber: serial(3) }, problem('upstream-failed')]]);
  });

  it('of a deletion is reported, and the others go on', async () => {
    const world = new World().with(3);
    world.before = (call, serialNumber) => {
      if (call === 'remove' && serialNumber === serial(1)) throw problem('upstream-failed');
    };
    expect(await runExpiry(world.context)).toMatchObject({ deleted: 2, failed: 1, left: 0 });
    expect(world.devices.has(serial(1))).toBe(true);
  });

  it('of a lease counts for all devices of its owner, and deletes none', async () => {
    const world = new World().with(3).with(2, 'bob', bobId);
    const { leaseOf } = world.context;
    const failing = { run: () => Promise.reject(problem('upstream-failed')) };
    const run = await runExpiry({
      ...world.context,
      leaseOf: (ownerId, ...more) => (ownerId === aliceId ? failing : leaseOf(ownerId, ...more)),
    });
    expect(run).toEqual({ ...nothing, pending: 5, deleted: 2, failed: 3 });
    expect(world.failures.map(([what]) => what)).toEqual([{ ownerId: aliceId }]);
  });

  it.each(['listTags', 'remove'] as const)('by throttling at %s ends the run', async (throttled) => {
    const world = new World().with(150);
    world.before = (call) => {
      if (call === throttled) throw problem('throttled');
    };
    expect(await runExpiry(world.context)).toMatchObject({ deleted: 0, failed: 0, left: 150 });
    expect(world.count(throttled)).toBeLessThanOrEqual(4);
    expect(world.failures).toEqual([]);
  });

  it.each(['device-not-found', 'device-active'] as const)('is not that of %s', async (code) => {
    const world = new World().with(1);
    world.before = (call) => {
      if (call === 'remove') throw problem(code);
    };
    expect(await runExpiry(world.context)).toEqual({ ...nothing, pending: 1 });
    expect(world.failures).toEqual([]);
  });

  it('is not that of a device gone before the first look', async () => {
    const world = new World().with(1);
    world.before = () => world.devices.clear();
    expect(await runExpiry(world.context)).toEqual({ ...nothing, pending: 1 });
    expect(world.count('lease')).toBe(0);
  });
});

describe('under the lease a device stays', () => {
  const changed = async (tags: Parameters<typeof tagsOf>) => {
    const world = new World().with(2);
    let looks = 0;
    world.before = (call, serialNumber) => {
      if (call !== 'listTags' || serialNumber !== serial(0)) return;
      looks += 1;
      if (looks === 2) world.devices.set(serial(0), { tags: tagsOf(...tags) });
    };
    await runExpiry(world.context);
    return [...world.devices.keys()];
  };

  it('whose owner has changed since the first look', async () => {
    expect(await changed([bobId])).toEqual([serial(0)]);
  });

  it('that was created anew since the first look', async () => {
    expect(await changed([aliceId, '2999-01-01T00:00:00.000Z'])).toEqual([serial(0)]);
  });

  it('that was enabled since the first look', async () => {
    const world = new World().with(1);
    world.before = (call, serialNumber) => {
      if (call === 'remove') world.active(serialNumber, new Date());
    };
    await runExpiry(world.context);
    expect([...world.devices.keys()]).toEqual([serial(0)]);
  });
});

describe('a device that is gone', () => {
  const creation = (name: number, pending = true) => ({ serialNumber: serial(name), at: 1, pending });
  const pass = {
    ...{ recoveryId: 'r', hash: 'h', expiresAt: 1, wrong: 2 },
    serialNumber: serial(0),
  };

  it('is no longer noted as pending, and a pass is not bound to it', async () => {
    const world = new World().with(2);
    world.records.set(aliceId, { creations: [creation(0), creation(1), creation(2)], pass });

    await runExpiry(world.context);

    expect(world.records.get(aliceId)).toMatchObject({
      creations: [creation(0, false), creation(1, false), creation(2)],
      pass: { ...pass, serialNumber: undefined },
    });
  });

  it('is noted even if someone else deleted it after the first look', async () => {
    const world = new World().with(1);
    world.records.set(aliceId, { creations: [creation(0)] });
    world.before = (call) => {
      if (call === 'remove') world.devices.clear();
    };
    await runExpiry(world.context);
    expect(world.records.get(aliceId)).toMatchObject({ creations: [creation(0, false)] });
  });

  it('leaves the notes of others alone, and writes nothing for one without a note', async () => {
    const world = new World().with(1);
    const record = {
      creations: [creation(5), creation(6, false)],
      pass: { ...pass, serialNumber: serial(5) },
    };
    world.records.set(aliceId, record);
    const written: unknown[] = [];
    const write = async (next: unknown) => void written.push(next);
    const { leaseOf } = world.context;
    await runExpiry({
      ...world.context,
      leaseOf: (...of) => ({
        run: (change) =>
          leaseOf(...of).run((lease) => change(Object.assign(lease, { write, putPass: write }))),
      }),
    });
    expect(world.deleted).toHaveLength(1);
    expect(written).toEqual([]);
  });

  it('is not noted if its deletion failed, but no pass is bound to it', async () => {
    const world = new World().with(1);
    world.records.set(aliceId, { creations: [creation(0)], pass });
    world.before = (call) => {
      if (call === 'remove') throw problem('upstream-failed');
    };
    await runExpiry(world.context);
    expect(world.records.get(aliceId)).toMatchObject({
      creations: [creation(0)],
      pass: { ...pass, serialNumber: undefined },
    });
  });

  it('was not deleted while a pass was bound to it', async () => {
    const world = new World().with(1);
    world.records.set(aliceId, { pass });
    const { leaseOf } = world.context;
    const putPass = () => Promise.reject(problem('upstream-failed'));
    const run = await runExpiry({
      ...world.context,
      leaseOf: (...of) => ({
        run: (change) => leaseOf(...of).run((lease) => change(Object.assign(lease, { putPass }))),
      }),
    });
    expect(run).toMatchObject({ deleted: 0, failed: 1 });
    expect(world.devices.has(serial(0))).toBe(true);
  });
});

describe('a run reads no device', () => {
  it.each([
    'arn:aws:iam::123456789012:mfa/older',
    'arn:aws:iam::123456789012:mfa/self-service/alice/',
    'arn:aws:iam::123456789012:mfa/self-service/alice/deeper/phone',
    'arn:aws:iam::123456789012:mfa/elsewhere/self-service/alice/phone',
    'x-arn:aws:iam::123456789012:mfa/self-service/alice/phone',
    'arn:aws:iam::123456789012:sms-mfa/self-service/alice/phone',
    'arn:aws:iam::123456789012:mfa/self-service/alice/phone 2',
  ])('outside the product’s path: %s', async (serialNumber) => {
    const pending = new World();
    pending.devices.set(serialNumber, { tags: tagsOf() });
    const active = new World().active(serialNumber, new Date(past));

    for (const world of [pending, active]) {
      expect(await runExpiry(world.context)).toEqual(nothing);
      expect(world.calls).toEqual(['list Assigned', 'list Unassigned']);
    }
  });
});
