import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { enableDevice } from '../../../shared/devices/activation.ts';
import { assertNotResynced } from '../../../shared/devices/cool-down.ts';
import { createDevice } from '../../../shared/devices/enrolment.ts';
import { deactivateDevice, deleteDevice } from '../../../shared/devices/removal.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { FakeDevices, older, phone, tablet } from '../../support/fake-devices.ts';

const at = Date.parse('2026-11-24T12:00:00.000Z');
const day = 86_400;

const advance = (seconds: number) => vi.spyOn(clock, 'now').mockReturnValue(at + seconds * 1000);

beforeEach(() => {
  advance(3600);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Whether changes are allowed while these devices are active and the phone was resynchronised with an access key. */
const check = (world: FakeDevices, resyncCoolDown = day) =>
  assertNotResynced(
    { resyncs: [{ serialNumber: phone, at }] },
    { directory: world.directory, resyncCoolDown },
  );

describe('changes after a resynchronisation with an access key alone', () => {
  it('are refused, saying until when', async () => {
    await expect(check(new FakeDevices().withActive(phone))).rejects.toMatchObject({
      code: 'recently-resynchronised',
      status: 409,
      message: expect.stringContaining('phone was resynchronised'),
      extras: { changesAllowedFrom: '2026-11-25T12:00:00.000Z', retryAfter: 23 * 3600 },
    });
  });

  it('are refused whichever device the session may be of', async () => {
    await expect(check(new FakeDevices().withActive(tablet, phone))).rejects.toMatchObject({
      code: 'recently-resynchronised',
    });
  });

  it.each([
    [day - 1, 'recently-resynchronised'],
    [day, undefined],
    [day + 1, undefined],
  ])('after %d seconds are refused as %s', async (seconds, code) => {
    advance(seconds);

    const refused = await check(new FakeDevices().withActive(phone)).catch((error: unknown) => error);

    expect(refused).toEqual(code === undefined ? undefined : expect.objectContaining({ code }));
  });

  it('are allowed by a cool-down of 0', async () => {
    advance(0);

    await expect(check(new FakeDevices().withActive(phone), 0)).resolves.toBeUndefined();
  });

  it('are allowed once the device is gone', async () => {
    await expect(check(new FakeDevices().withActive(tablet))).resolves.toBeUndefined();
  });

  it.each([
    ['a new device of its name', 120_000, undefined],
    ['the same device, by a clock that is fast', 59_000, 'recently-resynchronised'],
  ])('see %s in one enabled %d milliseconds later', async (_, later, code) => {
    const world = new FakeDevices().withActive(phone);
    world.active.set(phone, new Date(at + later));

    const refused = await check(world).catch((error: unknown) => error);

    expect(refused).toEqual(code === undefined ? undefined : expect.objectContaining({ code }));
  });

  it('cost a call to IAM only if there was one, and the devices are not known', async () => {
    const world = new FakeDevices().withActive(phone);
    const list = vi.spyOn(world.directory, 'listActive');
    const context = { directory: world.directory, resyncCoolDown: day };

    await assertNotResynced({ resyncs: [] }, context);
    await expect(
      assertNotResynced({ resyncs: [{ serialNumber: phone, at }] }, context, [
        { serialNumber: phone, enabledAt: new Date(0) },
      ]),
    ).rejects.toMatchObject({ code: 'recently-resynchronised' });

    expect(list).not.toHaveBeenCalled();
  });
});

describe('while the phone is in its cool-down', () => {
  const codes = { code1: '123456', code2: '654321' };
  const settings = { issuer: 'AWS', label: '{userName}', expiresAfter: 3600 };

  it.each<readonly [string, (context: FakeDevices['context']) => Promise<unknown>]>([
    ['created', (context) => createDevice({ name: 'new' }, { ...context, settings })],
    ['enabled', (context) => enableDevice(tablet, codes, context)],
    ['replaced', (context) => enableDevice(tablet, { ...codes, replaces: phone }, context)],
    ['deactivated', (context) => deactivateDevice(older, { ...context, allowRemovingLast: true })],
    ['deleted', (context) => deleteDevice(older, { ...context, allowRemovingLast: true })],
    ['deleted while pending', (context) => deleteDevice(tablet, { ...context, allowRemovingLast: true })],
  ])('nothing is %s', async (_, change) => {
    const world = new FakeDevices().withActive(phone, older).withPending(tablet);
    world.resyncs = [{ serialNumber: phone, at }];

    await expect(change(world.context)).rejects.toMatchObject({ code: 'recently-resynchronised' });

    expect(world.changes).toEqual([]);
  });
});
