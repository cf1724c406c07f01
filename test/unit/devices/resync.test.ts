import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { resyncDevice, resyncOnlyDevice } from '../../../shared/devices/resync.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { FakeDevices, phone, rateLimit, securityKey, tablet, token } from '../../support/fake-devices.ts';

const codes = { code1: '123456', code2: '654321' };

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(Date.parse('2026-11-24T12:00:10.000Z'));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const contextOf = (world: FakeDevices) => ({ ...world.context, stepUpMaxAge: 900 });

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

it('a user with another active device steps up with that one', async () => {
  const world = new FakeDevices().withActive(phone, tablet);

  await expect(resyncOnlyDevice(phone, codes, contextOf(world))).rejects.toMatchObject({
    code: 'step-up-required',
    message: expect.stringContaining('another active device'),
    extras: { maxAgeSeconds: 900 },
  });

  expect(world.changes).toEqual([]);
});
