import { describe, expect, it, vi } from 'vitest';
import { hasOwnerTag, isListed, readDevice } from '../../../shared/devices/device-reading.ts';
import {
  alice,
  enabledAt,
  FakeDevices,
  foreign,
  ownerTag,
  phone,
  securityKey,
  tablet,
  token,
} from '../../support/fake-devices.ts';

describe('what IAM says of a device', () => {
  it('is its place in the list, and its tags', async () => {
    const world = new FakeDevices().withActive(phone).withPending(tablet);

    const read = await readDevice(tablet, world.context);

    expect(read).toEqual({ list: [{ serialNumber: phone, enabledAt }], tags: ownerTag() });
    expect([isListed(phone, read), isListed(tablet, read), hasOwnerTag(alice, read)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('is asked for both at once', async () => {
    const world = new FakeDevices().withPending(tablet);
    const listTags = vi.spyOn(world.directory, 'listTags');
    vi.spyOn(world.directory, 'listActive').mockImplementation(async () => {
      await expect.poll(() => listTags.mock.calls.length).toBe(1);
      return [];
    });

    await readDevice(tablet, world.context);
  });

  it('has no tags if there is no such device', async () => {
    expect((await readDevice(tablet, new FakeDevices().context)).tags).toBeUndefined();
  });

  it('is not guessed if IAM fails', async () => {
    const world = new FakeDevices().withPending(tablet).failWith('listTags', 'throttled');

    await expect(readDevice(tablet, world.context)).rejects.toMatchObject({ code: 'throttled' });
  });

  it.each([
    ['a hardware token', token],
    ['a FIDO key', securityKey],
    ['a device of another account', phone.replace(alice.accountId, '210987654321')],
    ['a device of another partition', phone.replace('arn:aws:', 'arn:aws-cn:')],
  ])('leaves out the tags of %s, for which IAM has no answer', async (_, serialNumber) => {
    const world = new FakeDevices();
    const listTags = vi.spyOn(world.directory, 'listTags');

    expect((await readDevice(serialNumber, world.context)).tags).toBeUndefined();

    expect(listTags).not.toHaveBeenCalled();
  });

  it('tells another user’s device from the caller’s', async () => {
    const world = new FakeDevices().withPending(foreign, ownerTag('AIDABOB0000000000001'));

    expect(hasOwnerTag(alice, await readDevice(foreign, world.context))).toBe(false);
  });
});
