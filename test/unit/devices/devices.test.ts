import { afterEach, describe, expect, it, vi } from 'vitest';
import { isOwned } from '../../../shared/devices/device-reading.ts';
import { getDevice, listDevices, pageOfDevices, withTags } from '../../../shared/devices/devices.ts';
import { describeMe } from '../../../shared/devices/me.ts';
import { ownTags } from '../../../shared/devices/tags.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { cursors } from '../../../shared/lib/cursor.ts';
import {
  alice,
  enabledAt,
  FakeDevices,
  foreign,
  older,
  ownerTag,
  phone,
  securityKey,
  tablet,
  token,
} from '../../support/fake-devices.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const summary = ({ serialNumber, status, kind }: { serialNumber: string; status: string; kind: string }) =>
  [serialNumber, status, kind] as const;

describe('the list of devices', () => {
  it('has active devices of every kind first, then one’s own pending ones', async () => {
    const world = new FakeDevices().withPending(tablet).withActive(phone, older, token, securityKey);

    const devices = await listDevices(world.context);

    expect(devices.map(summary)).toEqual([
      [phone, 'active', 'virtual'],
      [older, 'active', 'virtual'],
      [token, 'active', 'hardware-totp'],
      [securityKey, 'active', 'fido'],
      [tablet, 'pending', 'virtual'],
    ]);
    expect(devices[0]).toEqual({
      id: 'phone',
      name: 'phone',
      kind: 'virtual',
      serialNumber: phone,
      status: 'active',
      enabledAt: enabledAt.toISOString(),
    });
  });

  it('leaves out what other users created, and what lies deeper in the path', async () => {
    const world = new FakeDevices()
      .withPending(foreign, ownerTag('AIDABOB0000000000001'))
      .withPending(tablet, ownerTag('AIDAFORMER0000000001'))
      .withPending(phone, {})
      .withPending(`${phone}/deeper`);

    await expect(listDevices(world.context)).resolves.toEqual([]);
  });

  it('shows a device once if IAM lists it both as held and as unassigned', async () => {
    const world = new FakeDevices().withActive(phone);
    world.unassigned.add(phone);

    await expect(listDevices(world.context)).resolves.toHaveLength(1);
  });

  it('leaves out a device that is deleted while the list is made', async () => {
    const world = new FakeDevices().withPending(tablet).failWith('listTags', 'device-not-found');

    await expect(listDevices(world.context)).resolves.toEqual([]);
  });

  it('is not returned in part if IAM fails', async () => {
    const world = new FakeDevices().withPending(tablet).failWith('listTags', 'throttled');

    await expect(listDevices(world.context)).rejects.toMatchObject({ code: 'throttled' });
  });

  it('reads the tags of a bounded number of devices, four at a time', async () => {
    const world = new FakeDevices();
    const path = tablet.slice(0, -'tablet'.length);
    for (let index = 999; index >= 100; index -= 1) world.withPending(`${path}device-${index}`);
    const seen = { all: 0, now: 0, most: 0 };
    const { listTags } = world.directory;
    const directory: typeof world.directory = {
      ...world.directory,
      listTags: async (serialNumber) => {
        seen.all += 1;
        seen.now += 1;
        seen.most = Math.max(seen.most, seen.now);
        const tags = await listTags(serialNumber);
        seen.now -= 1;
        return tags;
      },
    };

    const devices = await listDevices({ ...world.context, directory });

    expect(seen).toEqual({ all: 16, now: 0, most: 4 });
    expect(devices.map(({ name }) => name)).toEqual(
      Array.from({ length: 16 }, (_, index) => `device-${100 + index}`),
    );
  });

  it('comes in pages, in a fixed order', async () => {
    const world = new FakeDevices().withPending(tablet).withActive(phone, token);
    const seal = cursors('key-for-the-cursors-of-the-tests-only', 'list');
    const page = (cursor?: string) =>
      pageOfDevices({ limit: 2, cursor }, { ...world.context, cursors: seal });

    const first = await page();
    const second = await page(first.next);

    expect(first.items.map(({ serialNumber }) => serialNumber)).toEqual([token, phone]);
    expect(second.items.map(({ serialNumber }) => serialNumber)).toEqual([tablet]);
    expect(second).not.toHaveProperty('next');
  });
});

describe('one device', () => {
  it('is returned with its label and the owner’s tags', async () => {
    const world = new FakeDevices().withActive(older, phone);
    world.tags.set(phone, { ...ownerTag(), 'mfa-self-service:label': 'Work', team: 'red' });

    await expect(getDevice(phone, world.context)).resolves.toMatchObject({
      serialNumber: phone,
      status: 'active',
      label: 'Work',
      tags: { team: 'red' },
    });
  });

  it.each([token, securityKey])('of a kind without tags has none: %s', async (serialNumber) => {
    const world = new FakeDevices().withActive(serialNumber);

    await expect(getDevice(serialNumber, world.context)).resolves.toMatchObject({ tags: {} });
  });

  it('comes with its expiry while it is pending', async () => {
    const expiresAt = '2026-11-24T13:00:00.000Z';
    const world = new FakeDevices().withPending(tablet, {
      ...ownerTag(),
      'mfa-self-service:expires-at': expiresAt,
    });

    await expect(getDevice(tablet, world.context)).resolves.toMatchObject({
      status: 'pending',
      expiresAt,
    });
  });

  it.each([
    ['it does not exist', tablet, new FakeDevices()],
    ['another user holds it', tablet, withHeldElsewhere()],
    [
      'a former user created it',
      tablet,
      new FakeDevices().withPending(tablet, ownerTag('AIDAFORMER0000000001')),
    ],
    ['it is in no one’s path', older, new FakeDevices().withPending(older)],
    ['only its name begins like one that exists', phone, new FakeDevices().withPending(`${phone}-2`)],
  ])('is not found if %s', async (_, serialNumber, world) => {
    await expect(getDevice(serialNumber, world.context)).rejects.toMatchObject({
      code: 'device-not-found',
    });
  });
});

/** A device in alice's path that another user enabled. */
function withHeldElsewhere() {
  const world = new FakeDevices();
  world.tags.set(tablet, ownerTag());
  return world;
}

describe('the owner of a device', () => {
  it('is named by its owner tag, on virtual devices only', async () => {
    const world = new FakeDevices().withPending(tablet);
    world.tags.set(securityKey, ownerTag());

    await expect(isOwned(alice, tablet, world.directory)).resolves.toBe(true);
    await expect(isOwned(alice, securityKey, world.directory)).resolves.toBe(false);
    await expect(isOwned({ userId: 'AIDAOTHER' }, tablet, world.directory)).resolves.toBe(false);
    await expect(isOwned(alice, phone, world.directory)).resolves.toBe(false);
  });

  it('is not guessed if IAM fails', async () => {
    const world = new FakeDevices().withPending(tablet).failWith('listTags', 'upstream-failed');

    await expect(isOwned(alice, tablet, world.directory)).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});

describe('what tags say about a device', () => {
  const device = { id: 'a', name: 'a', kind: 'virtual', serialNumber: tablet, status: 'active' } as const;
  const tags = { 'mfa-self-service:expires-at': '2026-11-24T13:00:00.000Z' };

  it('is an expiry only while it is pending', () => {
    expect(withTags(device, tags)).toEqual({ ...device, tags: {} });
    expect(withTags({ ...device, status: 'pending' }, tags)).toHaveProperty('expiresAt');
  });

  it('is the owner’s unless they have the product’s prefix', () => {
    const own = { a: '1', 'mfa-self-service': '2', 'my:mfa-self-service:x': '3' };
    expect(ownTags({ ...own, 'mfa-self-service:': '4', 'mfa-self-service:new': '5' })).toEqual(own);
  });
});

it('what callers learn about themselves includes how many devices they have', async () => {
  vi.spyOn(clock, 'now').mockReturnValue(Date.parse('2026-11-24T12:00:00.000Z'));
  const world = new FakeDevices().withPending(tablet).withActive(phone, token);
  const settings = { stsEndpoint: 'https://sts.us-east-1.amazonaws.com', stepUpMaxAge: 900 };

  await expect(describeMe({ ...world.context, ...settings })).resolves.toEqual({
    userName: 'alice',
    userArn: alice.userArn,
    accountId: '123456789012',
    mfa: { active: 2, pending: 1 },
    stsEndpoint: 'https://sts.us-east-1.amazonaws.com',
    serverTime: '2026-11-24T12:00:00.000Z',
    stepUpMaxAgeSeconds: 900,
  });
});
