import { describe, expect, it } from 'vitest';
import { labelDevice, listDeviceTags, tagDevice, untagDevice } from '../../../shared/devices/device-tags.ts';
import {
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

/** Alice's active devices. Her phone has the product's tags and one of her own. */
function withPhone() {
  const world = new FakeDevices().withActive(older, phone);
  world.tags.set(phone, { ...ownerTag(), 'mfa-self-service:label': 'Work', team: 'red' });
  return world;
}

type Change = (serialNumber: string, world: FakeDevices) => Promise<unknown>;
const everything: [string, Change][] = [
  ['listing tags', (serialNumber, world) => listDeviceTags(serialNumber, world.context)],
  ['tagging', (serialNumber, world) => tagDevice(serialNumber, { team: 'blue' }, world.context)],
  ['untagging', (serialNumber, world) => untagDevice(serialNumber, ['team'], world.context)],
  ['labelling', (serialNumber, world) => labelDevice(serialNumber, 'Home', world.context)],
];

describe.each(everything)('%s', (_, change) => {
  it.each([token, securityKey])('is not possible for %s', async (serialNumber) => {
    const world = new FakeDevices().withActive(serialNumber);

    await expect(change(serialNumber, world)).rejects.toMatchObject({
      code: 'not-taggable',
      message: expect.stringContaining('virtual devices only'),
    });

    expect(world.changes).toEqual([]);
  });

  it.each([
    [
      'another user’s device',
      foreign,
      new FakeDevices().withPending(foreign, ownerTag('AIDABOB0000000000001')),
    ],
    [
      'a device of a former user',
      phone,
      new FakeDevices().withPending(phone, ownerTag('AIDAFORMER0000000001')),
    ],
    ['a device that is not there', tablet, new FakeDevices()],
  ])('does not reach %s', async (_what, serialNumber, world) => {
    await expect(change(serialNumber, world)).rejects.toMatchObject({
      code: 'device-not-found',
      message: expect.stringContaining('GET /v1/me/mfa-devices'),
    });

    expect(world.changes).toEqual([]);
  });
});

describe('tags', () => {
  it('are listed without the product’s own', async () => {
    await expect(listDeviceTags(phone, withPhone().context)).resolves.toEqual({ team: 'red' });
  });

  it('are added, and all of them are returned', async () => {
    const world = withPhone();

    await expect(tagDevice(phone, { floor: '3' }, world.context)).resolves.toEqual({
      team: 'red',
      floor: '3',
    });

    expect(world.changes).toEqual(['tag phone']);
  });

  it('are removed by their keys', async () => {
    const world = withPhone();

    await untagDevice(phone, ['team', 'floor'], world.context);

    expect(world.tags.get(phone)).toEqual({ ...ownerTag(), 'mfa-self-service:label': 'Work' });
  });

  it('of an active device made elsewhere belong to its holder', async () => {
    const world = new FakeDevices().withActive(older);
    world.tags.set(older, { team: 'red' });

    await expect(listDeviceTags(older, world.context)).resolves.toEqual({ team: 'red' });
  });
});

describe('a label', () => {
  it('is put on an active device, which is returned', async () => {
    await expect(labelDevice(phone, 'Home', withPhone().context)).resolves.toEqual({
      id: 'phone',
      name: 'phone',
      kind: 'virtual',
      serialNumber: phone,
      status: 'active',
      enabledAt: enabledAt.toISOString(),
      label: 'Home',
      tags: { team: 'red' },
    });
  });

  it('is put on a pending device too', async () => {
    const world = new FakeDevices().withPending(tablet);

    await expect(labelDevice(tablet, 'Home', world.context)).resolves.toMatchObject({
      status: 'pending',
      label: 'Home',
    });
  });

  it('is removed by null, and nothing else is', async () => {
    const world = withPhone();

    const device = await labelDevice(phone, null, world.context);

    expect(device).not.toHaveProperty('label');
    expect(world.tags.get(phone)).toEqual({ ...ownerTag(), team: 'red' });
  });
});

describe('a device that IAM does not tag', () => {
  it.each<[string, Change]>([
    ['tag', (serialNumber, world) => tagDevice(serialNumber, { a: 'b' }, world.context)],
    ['label', (serialNumber, world) => labelDevice(serialNumber, 'Home', world.context)],
  ])('gets no %s: the caller learns why', async (_, change) => {
    for (const code of ['tag-limit', 'throttled', 'upstream-failed'] as const) {
      const world = withPhone().failWith('tag', code);

      await expect(change(phone, world)).rejects.toMatchObject({ code });
    }
  });
});
