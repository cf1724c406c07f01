import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../shared/contract/caller.ts';
import { Problem } from '../../../shared/contract/problem.ts';
import { ownerIfExpired } from '../../../shared/devices/expired.ts';
import type { MfaDirectory, Tags } from '../../../shared/devices/ports.ts';
import { deactivateDevice, deleteDevice, type RemovalContext } from '../../../shared/devices/removal.ts';
import type { ChangeLease } from '../../../shared/lease/ports.ts';
import { fakeLease } from '../../support/fake-lease.ts';

const caller: Caller = {
  partition: 'aws',
  accountId: '123456789012',
  userName: 'alice',
  userArn: 'arn:aws:iam::123456789012:user/alice',
  userId: 'AIDAALICE00000000001',
  accessKeyId: 'ASIAEXAMPLE000000001',
  temporary: true,
};
const mfa = 'arn:aws:iam::123456789012:mfa';
const phone = `${mfa}/self-service/alice/phone`;
const tablet = `${mfa}/self-service/alice/tablet`;
const expired: Tags = {
  'mfa-self-service:owner': caller.userId,
  'mfa-self-service:expires-at': '2020-01-01T00:00:00.000Z',
};
const unused = () => Promise.reject(new Error('not to be called'));

/** Alice's active devices, all with the tags of an enrolment that is over; whatever is to fail fails once. */
function setUp(devices: readonly string[], failing: { untag?: Problem } = {}) {
  const active = new Set(devices);
  const tags = new Map(devices.map((serialNumber) => [serialNumber, expired]));
  const recorded: string[] = [];
  const calls: string[] = [];
  const directory: MfaDirectory = {
    listActive: async () => [...active].map((serialNumber) => ({ serialNumber, enabledAt: new Date(0) })),
    listTags: async (serialNumber) => tags.get(serialNumber) ?? {},
    tag: async (serialNumber, added) => {
      calls.push('tag');
      tags.set(serialNumber, { ...tags.get(serialNumber), ...added });
    },
    untag: async (serialNumber, keys) => {
      calls.push('untag');
      const problem = failing.untag;
      delete failing.untag;
      if (problem) throw problem;
      const left = Object.entries(tags.get(serialNumber) ?? {}).filter(([key]) => !keys.includes(key));
      tags.set(serialNumber, Object.fromEntries(left));
    },
    deactivate: async (serialNumber) => {
      calls.push('deactivate');
      active.delete(serialNumber);
    },
    remove: async (serialNumber) => {
      calls.push('remove');
      tags.delete(serialNumber);
    },
    ...{ listUnassigned: unused, create: unused, enable: unused, resync: unused },
  };
  const lease: ChangeLease = {
    run: (change) =>
      change({ ...fakeLease(), record: async (serialNumber) => void recorded.push(serialNumber) }),
  };
  const context: RemovalContext = { caller, directory, lease, allowRemovingLast: false };
  return { context, active, tags, recorded, calls };
}

describe('a device whose expiry was not taken off when it was enabled', () => {
  it('does not expire once it is deactivated, and is its owner’s still', async () => {
    const { context, active, tags, calls } = setUp([phone, tablet]);

    await deactivateDevice(phone, context);

    expect([...active]).toEqual([tablet]);
    expect(ownerIfExpired(expired)).toBe(caller.userId);
    expect(ownerIfExpired(tags.get(phone) ?? {})).toBeUndefined();
    expect(tags.get(phone)).toEqual({ 'mfa-self-service:owner': caller.userId });
    expect(calls).toEqual(['untag', 'deactivate']);
  });

  it('stays active while that fails again, and is deactivated by repeating it', async () => {
    const failing = { untag: new Problem('throttled', 'Later.') };
    const { context, active, recorded, calls } = setUp([phone, tablet], failing);

    await expect(deactivateDevice(phone, context)).rejects.toMatchObject({ code: 'throttled' });

    expect([...active]).toEqual([phone, tablet]);
    expect([recorded, calls]).toEqual([[], ['untag']]);
    await deactivateDevice(phone, context);
    expect([...active]).toEqual([tablet]);
  });

  it('is no longer active either where it is gone already', async () => {
    const gone = { untag: new Problem('device-not-found', 'No such device.') };
    const { context, active } = setUp([phone, tablet], gone);

    await deactivateDevice(phone, context);

    expect([...active]).toEqual([tablet]);
  });

  it('keeps it while it is the last one', async () => {
    const { context, calls } = setUp([phone]);

    await expect(deactivateDevice(phone, context)).rejects.toMatchObject({ code: 'last-device' });

    expect(calls).toEqual([]);
  });

  it('is deleted without another call for it', async () => {
    const { context, calls } = setUp([phone, tablet]);

    await deleteDevice(phone, context);

    expect(calls).toEqual(['deactivate', 'remove']);
  });
});

describe('a device from elsewhere', () => {
  it.each([
    ['a virtual one', `${mfa}/old`, ['tag', 'deactivate']],
    ['a hardware token', 'GAHT00000001', ['deactivate']],
    ['a FIDO key', 'arn:aws:iam::123456789012:u2f/user/alice/key', ['deactivate']],
  ])('has no expiry to be taken off: %s', async (_, serialNumber, expected) => {
    const { context, calls } = setUp([serialNumber, tablet]);

    await deactivateDevice(serialNumber, context);

    expect(calls).toEqual(expected);
  });
});
