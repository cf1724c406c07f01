import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { resyncDevice, resyncOnlyDevice } from '../../../shared/devices/resync.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { FakeDevices, phone, rateLimit, securityKey, tablet, token } from '../../support/fake-devices.ts';
import { fakeLease } from '../../support/fake-lease.ts';

const codes = { code1: '123456', code2: '654321' };

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(Date.parse('2026-11-24T12:00:10.000Z'));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const contextOf = (world: FakeDevices) => ({ ...world.context, stepUpMaxAge: 900, resyncCoolDown: 86_400 });

describe.each([
  ['resynchronising a device', resyncDevice],
  ['resynchronising one’s only device', resyncOnlyDevice],
])('%s', (_, resync) => {
  it.each([phone, token])(
    'counts the codes first, and says when the device is usable: %s',
    async (serialNumber) => {
      const world = new FakeDevices().withActive(serialNumber);

      const { output, ...metered } = await resync(serialNumber, codes, contextOf(world));

      expect(world.changes).toEqual(['spend', expect.stringContaining('resync')]);
      expect(metered).toEqual({ rateLimit });
      expect(output).toMatchObject({
        serialNumber,
        status: 'active',
        enabledAt: '2026-11-01T08:00:00.000Z',
        usableForSessionsFrom: '2026-11-24T12:00:25.000Z',
      });
    },
  );

  it('is not possible if it is not active', async () => {
    const world = new FakeDevices().withPending(tablet);

    await expect(resync(tablet, codes, contextOf(world))).rejects.toMatchObject({ code: 'device-not-found' });

    expect(world.changes).toEqual([]);
  });

  it('is not possible for a FIDO key', async () => {
    const world = new FakeDevices().withActive(securityKey);

    await expect(resync(securityKey, codes, contextOf(world))).rejects.toMatchObject({
      code: 'not-resyncable',
      message: expect.stringContaining('show no codes'),
    });

    expect(world.changes).toEqual([]);
  });

  it('does not reach IAM once too many codes were sent', async () => {
    const world = new FakeDevices().withActive(phone);
    world.budgetProblem = new Problem('throttled', 'Later.');

    await expect(resync(phone, codes, contextOf(world))).rejects.toMatchObject({ code: 'throttled' });

    expect(world.changes).toEqual(['spend']);
  });

  it('says when the next code comes if they are wrong', async () => {
    const world = new FakeDevices().withActive(phone).failWith('resync', 'invalid-authentication-code');

    await expect(resync(phone, codes, contextOf(world))).rejects.toMatchObject({
      code: 'invalid-authentication-code',
      extras: { retryAfter: 20, rateLimit },
    });
  });
});

it('only the named one of several devices is resynchronised', async () => {
  const world = new FakeDevices().withActive(phone, tablet);

  await expect(resyncDevice(tablet, codes, contextOf(world))).resolves.toMatchObject({
    output: { serialNumber: tablet },
  });

  expect(world.changes).toEqual(['spend', 'resync tablet']);
});

describe('resynchronising one’s only device', () => {
  const now = Date.parse('2026-11-24T12:00:10.000Z');
  const noted = [{ serialNumber: phone, at: now }];
  const earlier = [{ serialNumber: phone, at: now - 3_600_000 }];

  it('is noted before IAM is asked, and says when devices can be changed again', async () => {
    const world = new FakeDevices().withActive(phone);
    let before: unknown;
    const resync = async () => {
      before = world.resyncs;
    };

    const { output } = await resyncOnlyDevice(phone, codes, {
      ...contextOf(world),
      directory: { ...world.directory, resync },
    });

    expect(before).toEqual(noted);
    expect(world.resyncs).toEqual(noted);
    expect(output.changesAllowedFrom).toBe('2026-11-25T12:00:10.000Z');
  });

  it('counts the codes before it takes the lease, which a stolen key must not keep from its owner', async () => {
    const world = new FakeDevices().withActive(phone);

    await resyncOnlyDevice(phone, codes, contextOf(world));

    expect(world.calls).toEqual(['spend', 'acquire', 'resync phone', 'release']);
  });

  it('without a cool-down allows changes at once', async () => {
    const world = new FakeDevices().withActive(phone);

    const { output } = await resyncOnlyDevice(phone, codes, { ...contextOf(world), resyncCoolDown: 0 });

    expect(output).not.toHaveProperty('changesAllowedFrom');
  });

  it.each(['invalid-authentication-code', 'device-not-found', 'busy', 'throttled'] as const)(
    'is not noted if IAM certainly did nothing: %s',
    async (code) => {
      const world = new FakeDevices().withActive(phone).failWith('resync', code);
      world.resyncs = earlier;

      await expect(resyncOnlyDevice(phone, codes, contextOf(world))).rejects.toMatchObject({ code });

      expect(world.resyncs).toEqual(earlier);
    },
  );

  it.each(['upstream-failed', 'timeout'] as const)(
    'stays noted if IAM may have done it: %s',
    async (code) => {
      const world = new FakeDevices().withActive(phone).failWith('resync', code);

      await expect(resyncOnlyDevice(phone, codes, contextOf(world))).rejects.toMatchObject({ code });

      expect(world.resyncs).toEqual(noted);
    },
  );

  it('does not reach IAM if it cannot be noted', async () => {
    const world = new FakeDevices().withActive(phone);
    const lost = { ...fakeLease(), write: () => Promise.reject(new Problem('busy', 'The lease is lost.')) };

    await expect(
      resyncOnlyDevice(phone, codes, { ...contextOf(world), lease: { run: (change) => change(lost) } }),
    ).rejects.toMatchObject({ code: 'busy' });

    expect(world.changes).toEqual(['spend']);
  });

  it('is refused if another device was enabled so recently that IAM’s list may not show it', async () => {
    const world = new FakeDevices().withActive(phone);
    world.recent = [
      { serialNumber: phone, active: true, at: now },
      { serialNumber: tablet, active: true, at: now },
    ];

    await expect(resyncOnlyDevice(phone, codes, contextOf(world))).rejects.toMatchObject({
      code: 'step-up-required',
    });

    expect(world.changes).toEqual(['spend']);
    expect(world.resyncs).toEqual([]);
  });

  it('does not mind a device that was deactivated recently', async () => {
    const world = new FakeDevices().withActive(phone);
    world.recent = [{ serialNumber: tablet, active: false, at: now }];

    await expect(resyncOnlyDevice(phone, codes, contextOf(world))).resolves.toBeDefined();
  });
});

it('resynchronising with a session is not noted, and ends no cool-down', async () => {
  const world = new FakeDevices().withActive(phone);
  world.resyncs = [{ serialNumber: phone, at: 1 }];

  await resyncDevice(phone, codes, contextOf(world));

  expect(world.calls).toEqual(['spend', 'resync phone']);
  expect(world.resyncs).toEqual([{ serialNumber: phone, at: 1 }]);
});

it('a user with another active device steps up with that one', async () => {
  const world = new FakeDevices().withActive(phone, tablet);

  await expect(resyncOnlyDevice(phone, codes, contextOf(world))).rejects.toMatchObject({
    code: 'step-up-required',
    message: expect.stringContaining('another active device'),
    extras: { maxAgeSeconds: 900 },
  });

  expect(world.changes).toEqual([]);
});
