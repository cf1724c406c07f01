import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem, type ProblemCode } from '../../../../shared/contract/problem.ts';
import { runExpiry } from '../../../../shared/devices/expiry/run.ts';
import { aliceId, past, serial, tagsOf, World } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
const failAt = (world: World, at: 'listTags' | 'untag', code: ProblemCode) => {
  world.before = (call) => {
    if (call === at) throw new Problem(code, 'Not now.');
  };
};

describe('an active device', () => {
  it('loses its expiry, and nothing else', async () => {
    const world = new World().active(serial(0), hours(1), { ...tagsOf(), colour: 'red' });

    expect(await runExpiry(world.context)).toMatchObject({ kept: 1, deleted: 0, failed: 0, left: 0 });

    expect(world.devices.get(serial(0))?.tags).toEqual({ 'mfa-self-service:owner': aliceId, colour: 'red' });
    expect(world.kept).toEqual([{ serialNumber: serial(0), ownerId: aliceId }]);
  });

  it('that someone deactivates at IAM later is not deleted', async () => {
    const world = new World().active(serial(0), hours(1));
    await runExpiry(world.context);
    delete world.devices.get(serial(0))?.enabledAt;

    expect(await runExpiry(world.context)).toMatchObject({ pending: 1, deleted: 0 });

    expect(world.devices.has(serial(0))).toBe(true);
  });

  it('without an expiry costs one call', async () => {
    const world = new World().active(serial(0), hours(1), { 'mfa-self-service:owner': aliceId });
    await runExpiry(world.context);
    expect(world.calls).toEqual(['list Assigned', `listTags ${serial(0)}`, 'list Unassigned']);
  });

  it('of no owner is left alone', async () => {
    const world = new World().active(serial(0), hours(1), tagsOf('somebody'));
    expect(await runExpiry(world.context)).toMatchObject({ kept: 0 });
    expect(world.count('untag')).toBe(0);
  });

  it('that its owner is changing just now is left to the next run', async () => {
    const world = new World().active(serial(0), hours(1));
    world.busy.set(aliceId, 1);
    expect(await runExpiry(world.context)).toMatchObject({ kept: 0, failed: 0 });
    expect(await runExpiry(world.context)).toMatchObject({ kept: 1 });
  });

  it.each([
    [false, tagsOf()],
    [true, { 'mfa-self-service:owner': aliceId }],
  ])('that the lease remembers as active: %s may have been created anew', async (active, tags) => {
    const world = new World().active(serial(0), hours(1));
    world.records.set(aliceId, { recent: [{ serialNumber: serial(0), active, at: Date.now() }] });
    await runExpiry(world.context);
    expect(world.devices.get(serial(0))?.tags).toEqual(tags);
  });
});

describe('the calls of a run', () => {
  const account = (enabledAt: Date) => {
    const world = new World();
    for (let number = 0; number < 5000; number += 1)
      world.active(serial(number), enabledAt, { 'mfa-self-service:owner': aliceId });
    return world;
  };

  it.each([
    ['enabled lately', hours(47), 200],
    ['enabled long ago', hours(49), 50],
  ])('are bounded with 5,000 devices %s', async (_, enabledAt, most) => {
    const world = account(enabledAt);
    await runExpiry(world.context);
    expect(world.count('list Assigned')).toBe(5);
    expect(world.count('listTags')).toBe(most);
  });

  it('begin anywhere, so that each device has its turn', async () => {
    const random = vi.spyOn(Math, 'random');
    const world = account(hours(49));
    for (let run = 0; run < 100; run += 1) {
      random.mockReturnValue((run + 0.001) / 100);
      await runExpiry(world.context);
    }
    expect(new Set(world.calls.filter((call) => call.startsWith('listTags'))).size).toBe(5000);
  });

  it('are at most four at a time', async () => {
    const world = account(hours(1));
    let underWay = 0;
    let most = 0;
    world.before = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
    };
    await runExpiry(world.context);
    expect(most).toBe(4);
  });
});

describe('a failure', () => {
  it.each(['listTags', 'untag'] as const)('at %s is reported, and deletions go on', async (at) => {
    const world = new World().active(serial('active'), new Date(past)).with(2, 'bob');
    world.before = (call, serialNumber) => {
      if (call === at && serialNumber === serial('active')) throw new Problem('upstream-failed', 'No.');
    };
    expect(await runExpiry(world.context)).toEqual({ pending: 2, deleted: 2, kept: 0, failed: 1, left: 0 });
    expect(world.failures).toMatchObject([[{ serialNumber: serial('active') }, { code: 'upstream-failed' }]]);
  });

  it('is not that of a device that is gone', async () => {
    const world = new World().active(serial(0), hours(1));
    failAt(world, 'untag', 'device-not-found');
    expect(await runExpiry(world.context)).toMatchObject({ kept: 0, failed: 0 });
  });

  it('by throttling ends the run', async () => {
    const world = new World().active(serial('active'), hours(1)).with(3);
    failAt(world, 'untag', 'throttled');
    expect(await runExpiry(world.context)).toMatchObject({ kept: 0, deleted: 0, failed: 0, left: 3 });
  });

  it('to list the active devices ends the run', async () => {
    const { context } = new World();
    const assigned = () => {
      throw new Problem('upstream-failed', 'No.');
    };
    await expect(
      runExpiry({ ...context, directory: { ...context.directory, assigned } }),
    ).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});
