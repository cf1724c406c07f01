import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProblemCode } from '../../../shared/contract/problem.ts';
import { createDevice, type EnrolmentContext } from '../../../shared/devices/enrolment.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { alice, FakeDevices, ownerTag, phone, tablet } from '../../support/fake-devices.ts';

const now = Date.parse('2026-11-24T12:00:00.000Z');

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const contextOf = ({ directory, lease }: FakeDevices): EnrolmentContext => ({
  caller: alice,
  directory,
  lease,
  resyncCoolDown: 0,
  settings: { issuer: 'AWS', label: '{userName}', expiresAfter: 3600 },
});

describe('a name that is taken', () => {
  it('by one’s own pending device gets a fresh seed, under the lease', async () => {
    const world = new FakeDevices().withActive(phone).withPending(tablet);

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).resolves.toMatchObject({ id: 'tablet' });

    expect(world.calls).toEqual(['acquire', 'create tablet', 'remove tablet', 'create tablet', 'release']);
  });

  it('by a pending device that is noted is deleted first', async () => {
    const world = new FakeDevices().withPending(tablet);
    world.creations = [{ serialNumber: tablet, at: now - 60_000, pending: true }];

    await createDevice({ name: 'tablet' }, contextOf(world));

    expect(world.changes).toEqual(['remove tablet', 'create tablet']);
  });

  it('by a pending device that is noted, but gone, is free', async () => {
    const world = new FakeDevices();
    world.creations = [{ serialNumber: tablet, at: now - 60_000, pending: true }];

    await createDevice({ name: 'tablet' }, contextOf(world));

    expect(world.changes).toEqual(['create tablet']);
  });

  it.each<[string, FakeDevices]>([
    ['a device of a former user', new FakeDevices().withPending(tablet, ownerTag('AIDAFORMER0000000001'))],
    ['a device without an owner', new FakeDevices().withPending(tablet, {})],
  ])('by %s is refused', async (_, world) => {
    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
      code: 'device-exists',
      message: expect.stringContaining('not yours'),
    });

    expect(world.changes).toEqual(['create tablet']);
    expect(world.creations).toEqual([{ serialNumber: tablet, at: now, pending: false }]);
  });

  it('by one’s own active device is refused, and IAM does not delete it', async () => {
    const world = new FakeDevices().withActive(tablet);

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
      code: 'device-exists',
      message: expect.stringContaining('active device with this name'),
      cause: { code: 'device-active' },
    });

    expect([...world.active.keys()]).toEqual([tablet]);
    expect(world.creations).toEqual([{ serialNumber: tablet, at: now, pending: false }]);
  });

  it('by a device that is being deleted is free', async () => {
    const world = new FakeDevices()
      .withPending(tablet)
      .failWith('remove', 'device-not-found', { after: true });

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).resolves.toMatchObject({ id: 'tablet' });
  });

  it('stays taken while the old device cannot be deleted', async () => {
    const world = new FakeDevices().withPending(tablet).failWith('remove', 'throttled');

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
      code: 'throttled',
    });
  });
});

describe('a creation whose answer was lost', () => {
  /** IAM makes the device, but the SDK gets no answer and repeats the call. */
  const losing = (world: FakeDevices, times = 1) => {
    const { create } = world.directory;
    let left = times;
    const directory: typeof world.directory = {
      ...world.directory,
      create: async (...device) => {
        const created = await create(...device);
        if (left === 0) return created;
        left -= 1;
        return create(...device);
      },
    };
    return { ...contextOf(world), directory };
  };

  it('is made again, with a seed that the caller gets', async () => {
    const world = new FakeDevices();

    await expect(createDevice({ name: 'tablet' }, losing(world))).resolves.toMatchObject({ id: 'tablet' });

    expect(world.changes.slice(-2)).toEqual(['remove tablet', 'create tablet']);
  });

  it.each(['noted', 'not noted'])('is made again in place of a pending device that is %s', async (which) => {
    const world = new FakeDevices().withPending(tablet);
    if (which === 'noted') world.creations = [{ serialNumber: tablet, at: now - 1, pending: true }];

    await expect(createDevice({ name: 'tablet' }, losing(world))).resolves.toMatchObject({ id: 'tablet' });

    expect(world.changes.slice(-2)).toEqual(['remove tablet', 'create tablet']);
  });

  it('is given up after three attempts, and the answer says what to repeat', async () => {
    const world = new FakeDevices();

    await expect(createDevice({ name: 'tablet' }, losing(world, 10))).rejects.toMatchObject({
      code: 'upstream-failed',
      message: expect.stringMatching(/has already been deleted.*Repeat this call.*GET \/v1\/me\/mfa-devices/),
    });

    expect(world.unassigned.size).toBe(0);
  });

  it('may be repeated if AWS never confirmed it', async () => {
    const world = new FakeDevices().failWith('create', 'upstream-failed', { after: true });

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
      code: 'upstream-failed',
      message: expect.stringMatching(/Repeat this call.*GET \/v1\/me\/mfa-devices/),
    });

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).resolves.toMatchObject({ id: 'tablet' });
  });
});

describe('a replacement that fails half-way', () => {
  it.each<ProblemCode>(['throttled', 'busy', 'device-limit', 'timeout'])(
    'says that the pending device is gone: %s',
    async (code) => {
      const world = new FakeDevices().withPending(tablet).failWith('create', code);
      world.creations = [{ serialNumber: tablet, at: now - 1, pending: true }];

      await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/has already been deleted.*Repeat this call/),
      });
    },
  );

  it('says so also if it was gone before this call could delete it', async () => {
    const world = new FakeDevices()
      .withPending(tablet)
      .failWith('remove', 'device-not-found', { after: true })
      .failWith('create', 'throttled');
    world.creations = [{ serialNumber: tablet, at: now - 1, pending: true }];

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
      message: expect.stringContaining('has already been deleted'),
    });
  });

  it('says nothing of it if nothing was deleted', async () => {
    const world = new FakeDevices().withPending(tablet).failWith('remove', 'throttled');

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
      message: 'remove failed.',
    });
  });
});
