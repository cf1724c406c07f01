import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { creationLimits } from '../../../shared/contract/creation-limits.ts';
import { noLongerPending, noteCreation } from '../../../shared/devices/creations.ts';
import { deactivateDevice } from '../../../shared/devices/removal.ts';
import type { Creation } from '../../../shared/lease/ports.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { alice, FakeDevices, foreign, older, phone, tablet, token } from '../../support/fake-devices.ts';
import { fakeLease } from '../../support/fake-lease.ts';

const now = Date.parse('2026-11-24T12:00:00.000Z');
const { mostPending, mostPerHour } = creationLimits;

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const path = phone.slice(0, -'phone'.length);
/** Creations of as many devices, `secondsAgo` and all pending. */
const several = (count: number, secondsAgo = 600, pending = true): Creation[] =>
  Array.from({ length: count }, (_, index) => ({
    serialNumber: `${path}device-${index}`,
    at: now - secondsAgo * 1000,
    pending,
  }));
const pendingIn = (creations: readonly Creation[]) =>
  creations.filter(({ pending }) => pending).map(({ serialNumber }) => serialNumber);

/** Notes alice's creation of a device; IAM lists these devices as pending. */
async function note(serialNumber: string, creations: readonly Creation[], inIam: readonly string[] = []) {
  const world = new FakeDevices();
  for (const serial of inIam) world.withPending(serial);
  const lease = fakeLease({ creations });
  const list = vi.spyOn(world.directory, 'listUnassigned');
  const context = { caller: alice, directory: world.directory, settings: { expiresAfter: 1800 } };
  const outcome = await noteCreation(serialNumber, lease, context).catch((error: unknown) => error);
  return { outcome, creations: lease.creations, lists: list.mock.calls.length };
}

describe('a creation', () => {
  it('is noted as pending before it is made', async () => {
    const { outcome, creations, lists } = await note(tablet, []);

    expect(outcome).toBe(false);
    expect(creations).toEqual([{ serialNumber: tablet, at: now, pending: true }]);
    expect(lists).toBe(0);
  });

  it('is not made if it cannot be noted', async () => {
    const lease = fakeLease();
    vi.spyOn(lease, 'write').mockRejectedValue(new Error('no table'));
    const { directory } = new FakeDevices();

    const noting = noteCreation(tablet, lease, {
      caller: alice,
      directory,
      settings: { expiresAfter: 1800 },
    });

    await expect(noting).rejects.toThrow('no table');
  });

  it('of the same name counts within the hour, but not twice as pending', async () => {
    const before = { serialNumber: tablet, at: now - 1_000, pending: true };

    const { outcome, creations } = await note(tablet, [before]);

    expect(outcome).toBe(true);
    expect(creations).toEqual([
      { ...before, pending: false },
      { serialNumber: tablet, at: now, pending: true },
    ]);
  });

  it('drops what is older than an hour, unless it is pending', async () => {
    const old = { serialNumber: phone, at: now - 3_600_000, pending: false };
    const pending = { serialNumber: `${path}watch`, at: now - 90_000_000, pending: true };

    const { creations } = await note(tablet, [old, pending]);

    expect(creations).toEqual([pending, { serialNumber: tablet, at: now, pending: true }]);
  });
});

describe('more creations than allowed within an hour', () => {
  it('are refused, with the second from which the next one is possible', async () => {
    const creations = several(mostPerHour, 600, false);
    creations[3] = { serialNumber: phone, at: now - 3_000_500, pending: false };

    const { outcome, creations: after, lists } = await note(tablet, creations);

    expect(outcome).toMatchObject({ code: 'throttled', status: 429, extras: { retryAfter: 600 } });
    expect(after, 'waiting is not made longer').toEqual(creations);
    expect(lists).toBe(0);
    vi.mocked(clock.now).mockReturnValue(now + 599_499);
    expect((await note(tablet, creations)).outcome).toMatchObject({ extras: { retryAfter: 1 } });
    vi.mocked(clock.now).mockReturnValue(now + 599_500);
    expect((await note(tablet, creations)).outcome).toBe(false);
  });

  it('are refused also for one name alone', async () => {
    const creations = several(mostPerHour, 60, false).map((one) => ({ ...one, serialNumber: tablet }));

    expect((await note(tablet, creations)).outcome).toMatchObject({ code: 'throttled' });
  });

  it.each([mostPerHour - 1, 0])('are allowed up to the limit: after %i', async (earlier) => {
    expect((await note(tablet, several(earlier, 600, false))).outcome).toBe(false);
  });

  it('count also if they are dated a little ahead, by a clock that was set back', async () => {
    const { outcome } = await note(tablet, several(mostPerHour, -60, false));

    expect(outcome).toMatchObject({ code: 'throttled' });
  });
});

describe('more pending devices than allowed', () => {
  const full = several(mostPending);

  it('are refused, and the answer says what to do and how long they stay', async () => {
    const { outcome, creations } = await note(tablet, full, pendingIn(full));

    expect(outcome).toMatchObject({
      code: 'too-many-pending',
      status: 409,
      message: expect.stringMatching(/8 devices.*Enable or delete one.*replaces it.*30 minutes/),
    });
    expect(creations).toEqual([...full, { serialNumber: tablet, at: now, pending: false }]);
  });

  it('are refused from the table alone once that has been asked thirty times within an hour', async () => {
    const asked = [...full, ...several(mostPerHour - mostPending, 60, false)];

    const { outcome, lists } = await note(tablet, asked, pendingIn(full));

    expect(outcome).toMatchObject({ code: 'throttled' });
    expect(lists).toBe(0);
  });

  it('may be replaced one by one', async () => {
    const [one] = pendingIn(full);

    const { outcome, creations, lists } = await note(one ?? '', full, pendingIn(full));

    expect(outcome).toBe(true);
    expect(pendingIn(creations).sort()).toEqual(pendingIn(full).sort());
    expect(lists).toBe(0);
  });

  it('are compared with IAM: one that was deleted elsewhere makes room', async () => {
    const [gone, ...left] = pendingIn(full);

    const { outcome, creations } = await note(tablet, full, left);

    expect(outcome).toBe(false);
    expect(pendingIn(creations)).toEqual([...left, tablet]);
    expect(creations.map(({ serialNumber }) => serialNumber)).toContain(gone);
  });

  it('make no room by devices of others', async () => {
    const { outcome } = await note(tablet, full, [foreign, ...pendingIn(full)]);

    expect(outcome).toMatchObject({ code: 'too-many-pending' });
  });

  it('cannot be hidden in a list that does not show young devices yet', async () => {
    const young = several(mostPending, 299);

    expect((await note(tablet, young)).outcome).toMatchObject({ code: 'too-many-pending' });
    expect((await note(tablet, several(mostPending, 300))).outcome).toBe(false);
  });

  it('stay refused while IAM cannot be asked', async () => {
    const { directory } = new FakeDevices().failWith('listUnassigned', 'throttled');
    const lease = fakeLease({ creations: full });
    const context = { caller: alice, directory, settings: { expiresAfter: 1800 } };

    await expect(noteCreation(tablet, lease, context)).rejects.toMatchObject({ code: 'throttled' });

    expect(pendingIn(lease.creations)).toEqual(pendingIn(full));
  });
});

describe('a device that is enabled or deleted', () => {
  const creations = [
    { serialNumber: phone, at: 0, pending: true },
    { serialNumber: tablet, at: 0, pending: true },
  ];

  it('is pending no longer, and still counts as created', async () => {
    const lease = fakeLease({ creations });

    await noLongerPending(phone, lease);

    expect(lease.creations).toEqual([{ serialNumber: phone, at: 0, pending: false }, creations[1]]);
  });

  it('costs no write if it is not noted as pending', async () => {
    const lease = fakeLease({ creations: [{ serialNumber: phone, at: 0, pending: false }] });
    const write = vi.spyOn(lease, 'write');

    await noLongerPending(phone, lease);

    expect(write).not.toHaveBeenCalled();
  });

  it('stays so if that cannot be noted', async () => {
    const lease = fakeLease({ creations });
    vi.spyOn(lease, 'write').mockRejectedValue(new Error('no table'));

    await expect(noLongerPending(phone, lease)).resolves.toBeUndefined();

    expect(lease.creations).toEqual(creations);
  });
});

describe('a device that is deactivated', () => {
  const deactivate = (serialNumber: string, world: FakeDevices) =>
    deactivateDevice(serialNumber, { ...world.context, resyncCoolDown: 0, allowRemovingLast: false });

  it('is pending again, as if it had been created just now', async () => {
    const world = new FakeDevices().withActive(phone, tablet);
    const enabled = { serialNumber: phone, at: now - 60_000, pending: false };
    world.creations = [enabled];

    await deactivate(phone, world);

    expect(world.creations).toEqual([enabled, { serialNumber: phone, at: now, pending: true }]);
  });

  it('is noted once', async () => {
    const world = new FakeDevices().withActive(phone, tablet);
    world.creations = [{ serialNumber: phone, at: now - 60_000, pending: true }];

    await deactivate(phone, world);

    expect(pendingIn(world.creations)).toEqual([phone]);
  });

  it('is not noted if it was made elsewhere', async () => {
    const world = new FakeDevices().withActive(older, token, tablet);

    await deactivate(older, world);
    await deactivate(token, world);

    expect(world.creations).toEqual([]);
  });
});
