import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProblemCode } from '../../../shared/contract/problem.ts';
import {
  createDevice,
  createFirstDevice,
  type FirstEnrolmentContext,
} from '../../../shared/devices/enrolment.ts';
import { newPass } from '../../../shared/lease/pass.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { alice, FakeDevices, ownerTag, phone, tablet } from '../../support/fake-devices.ts';

const now = Date.parse('2026-11-24T12:00:00.000Z');
const expiresAt = '2026-11-24T13:00:00.000Z';
const recoveryId = 'a'.repeat(26);

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const contextOf = ({ directory, lease }: FakeDevices): FirstEnrolmentContext => ({
  caller: alice,
  directory,
  lease,
  resyncCoolDown: 0,
  firstDevice: 'open',
  settings: { issuer: 'AWS', label: '{userName}@{accountId} ({deviceName}){other}', expiresAfter: 3600 },
});

describe('a new device', () => {
  it('is returned with its seed, its URI and its expiry', async () => {
    const world = new FakeDevices();

    const enrolment = await createDevice({ name: 'tablet', label: 'My tablet' }, contextOf(world));

    expect(enrolment).toEqual({
      id: 'tablet',
      name: 'tablet',
      kind: 'virtual',
      serialNumber: tablet,
      status: 'pending',
      label: 'My tablet',
      expiresAt,
      tags: {},
      base32Seed: 'JBSWY3DPEHPK3PXP',
      otpauthUri:
        'otpauth://totp/AWS:alice%40123456789012%20(tablet)?secret=JBSWY3DPEHPK3PXP&issuer=AWS&algorithm=SHA1&digits=6&period=30',
    });
  });

  it('is tagged with owner, expiry and label, under the lease', async () => {
    const world = new FakeDevices();

    await createDevice({ name: 'tablet', label: 'My tablet' }, contextOf(world));

    expect(world.calls).toEqual(['acquire', 'create tablet', 'release']);
    expect(world.tags.get(tablet)).toEqual({
      ...ownerTag(),
      'mfa-self-service:expires-at': expiresAt,
      'mfa-self-service:label': 'My tablet',
    });
  });

  it('has no label tag without a label', async () => {
    const world = new FakeDevices();

    await createDevice({ name: 'tablet' }, contextOf(world));

    expect(Object.keys(world.tags.get(tablet) ?? {})).not.toContain('mfa-self-service:label');
  });

  it.each<[ProblemCode, 'is not' | 'may be']>([
    ['device-limit', 'is not'],
    ['throttled', 'may be'],
  ])('is not created if IAM answers %s, and %s pending', async (code, pending) => {
    const world = new FakeDevices().failWith('create', code);

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({ code });

    expect(world.changes).toEqual(['create tablet']);
    expect(world.creations).toEqual([{ serialNumber: tablet, at: now, pending: pending === 'may be' }]);
  });

  it('is not created under the guard of a recovery: a session from before it may be a thief’s', async () => {
    const world = new FakeDevices().withPending(tablet);
    world.guard = { recoveryId, at: 0 };

    await expect(createDevice({ name: 'tablet' }, contextOf(world))).rejects.toMatchObject({
      code: 'enrolment-pass-required',
    });

    expect(world.changes).toEqual([]);
    expect(world.creations).toEqual([]);
  });
});

describe('a first device', () => {
  it('is created under the lease', async () => {
    const world = new FakeDevices();

    await expect(createFirstDevice({ name: 'phone' }, contextOf(world))).resolves.toMatchObject({
      serialNumber: phone,
    });

    expect(world.calls).toEqual(['acquire', 'create phone', 'release']);
  });

  it('replaces a pending one of its name', async () => {
    const world = new FakeDevices().withPending(phone);

    await createFirstDevice({ name: 'phone' }, contextOf(world));

    expect(world.changes).toEqual(['create phone', 'remove phone', 'create phone']);
  });

  it('is refused to users who have one', async () => {
    const world = new FakeDevices().withActive(tablet);

    await expect(createFirstDevice({ name: 'phone' }, contextOf(world))).rejects.toMatchObject({
      code: 'first-device-only',
      message: expect.stringContaining('/v1/mfa-devices'),
    });

    expect(world.calls, 'the lease is for others').toEqual([]);
  });

  it('is refused to users who enabled one so recently that the list may not show it', async () => {
    const world = new FakeDevices();
    world.recent = [{ serialNumber: tablet, active: true, at: now - 1_000 }];

    await expect(createFirstDevice({ name: 'phone' }, contextOf(world))).rejects.toMatchObject({
      code: 'busy',
    });

    expect(world.changes).toEqual([]);
  });

  it('is refused if one was enabled between the list and the lease', async () => {
    const world = new FakeDevices();
    const { listActive } = world.directory;
    const directory: typeof world.directory = {
      ...world.directory,
      listActive: async () => {
        const active = await listActive();
        world.withActive(tablet).recent = [{ serialNumber: tablet, active: true, at: now }];
        return active;
      },
    };

    await expect(
      createFirstDevice({ name: 'phone' }, { ...contextOf(world), directory }),
    ).rejects.toMatchObject({ code: 'busy' });

    expect(world.changes).toEqual([]);
  });

  it('may be created again after enabling it has failed', async () => {
    const world = new FakeDevices().withPending(phone);
    world.recent = [{ serialNumber: phone, active: true, at: now - 1_000 }];

    await expect(createFirstDevice({ name: 'phone' }, contextOf(world))).resolves.toMatchObject({
      id: 'phone',
    });
  });

  it.each(['under a guard', 'where everybody needs a pass'])('is refused without a pass %s', async (why) => {
    const world = new FakeDevices();
    if (why === 'under a guard') world.guard = { recoveryId, at: 0 };
    const context = { ...contextOf(world), firstDevice: why === 'under a guard' ? 'open' : 'pass' } as const;

    await expect(createFirstDevice({ name: 'phone' }, context)).rejects.toMatchObject({
      code: 'enrolment-pass-required',
    });

    expect(world.changes).toEqual([]);
  });

  it('binds the pass to the device created with it', async () => {
    const world = new FakeDevices();
    const { pass, stored } = newPass(recoveryId);
    world.guard = { recoveryId, at: 0 };
    world.pass = stored;

    await createFirstDevice({ name: 'phone', pass }, contextOf(world));

    expect(world.pass).toEqual({ ...stored, serialNumber: phone });
  });

  it('leaves the pass unbound if it is not created', async () => {
    const world = new FakeDevices().failWith('create', 'throttled');
    const { pass, stored } = newPass(recoveryId);
    world.pass = stored;

    await expect(createFirstDevice({ name: 'phone', pass }, contextOf(world))).rejects.toMatchObject({
      code: 'throttled',
    });

    expect(world.pass).toEqual(stored);
  });

  it.each(['create', 'remove'] as const)(
    'unbinds the pass before its device is replaced, in case %s fails',
    async (call) => {
      const world = new FakeDevices().withPending(phone).failWith(call, 'timeout', { after: true });
      const { pass, stored } = newPass(recoveryId);
      world.creations = [{ serialNumber: phone, at: now - 1, pending: true }];
      world.pass = { ...stored, serialNumber: phone };

      await expect(createFirstDevice({ name: 'phone', pass }, contextOf(world))).rejects.toMatchObject({
        code: 'timeout',
      });

      expect(world.pass).toEqual(stored);
    },
  );

  it('keeps a pass from the next device of a name that was deleted past this API', async () => {
    const world = new FakeDevices();
    const { stored } = newPass(recoveryId);
    world.pass = { ...stored, serialNumber: phone };

    await createDevice({ name: 'phone' }, contextOf(world));

    expect(world.pass).toEqual(stored);
  });

  it('leaves the pass of a recovery alone if it needs none', async () => {
    const world = new FakeDevices();
    const { stored } = newPass(recoveryId);
    world.pass = stored;

    await createFirstDevice({ name: 'phone' }, contextOf(world));

    expect(world.pass).toEqual(stored);
  });
});
