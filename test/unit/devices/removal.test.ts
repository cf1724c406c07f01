import { describe, expect, it, vi } from 'vitest';
import { Problem, type ProblemCode } from '../../../shared/contract/problem.ts';
import { ownerIfExpired } from '../../../shared/devices/expiry/product-device.ts';
import type { ActiveDevice, MfaDirectory, Tags } from '../../../shared/devices/ports.ts';
import { deactivateDevice, deleteDevice, type RemovalContext } from '../../../shared/devices/removal.ts';
import { newPass } from '../../../shared/lease/pass.ts';
import type { ChangeLease } from '../../../shared/lease/ports.ts';
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
import { fakeLease } from '../../support/fake-lease.ts';

const caller = alice;
const mfa = 'arn:aws:iam::123456789012:mfa';
const expired: Tags = {
  'mfa-self-service:owner': caller.userId,
  'mfa-self-service:expires-at': '2020-01-01T00:00:00.000Z',
};
const unused = () => Promise.reject(new Error('not to be called'));

/** Alice's active devices, with the tags of a completed enrolment. Each given failure happens once. */
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
  const context: RemovalContext = { caller, directory, lease, resyncCoolDown: 0, allowRemovingLast: false };
  return { context, active, tags, recorded, calls };
}

describe('a device whose expiry was not removed when it was enabled', () => {
  it('does not expire once it is deactivated, and still belongs to its owner', async () => {
    const { context, active, tags, calls } = setUp([phone, tablet]);

    await deactivateDevice(phone, context);

    expect([...active]).toEqual([tablet]);
    expect(ownerIfExpired(expired)).toBe(caller.userId);
    expect(ownerIfExpired(tags.get(phone) ?? {})).toBeUndefined();
    expect(tags.get(phone)).toEqual({ 'mfa-self-service:owner': caller.userId });
    expect(calls).toEqual(['untag', 'deactivate']);
  });

  it('stays active if that fails again, and is deactivated by repeating the call', async () => {
    const failing = { untag: new Problem('throttled', 'Later.') };
    const { context, active, recorded, calls } = setUp([phone, tablet], failing);

    await expect(deactivateDevice(phone, context)).rejects.toMatchObject({ code: 'throttled' });

    expect([...active]).toEqual([phone, tablet]);
    expect([recorded, calls]).toEqual([[], ['untag']]);
    await deactivateDevice(phone, context);
    expect([...active]).toEqual([tablet]);
  });

  it('counts as deactivated if it is already gone', async () => {
    const gone = { untag: new Problem('device-not-found', 'No such device.') };
    const { context, active } = setUp([phone, tablet], gone);

    await deactivateDevice(phone, context);

    expect([...active]).toEqual([tablet]);
  });

  it('keeps the expiry while it is the last device', async () => {
    const { context, calls } = setUp([phone]);

    await expect(deactivateDevice(phone, context)).rejects.toMatchObject({ code: 'last-device' });

    expect(calls).toEqual([]);
  });

  it('is deleted without a separate call to remove it', async () => {
    const { context, calls } = setUp([phone, tablet]);

    await deleteDevice(phone, context);

    expect(calls).toEqual(['deactivate', 'remove']);
  });
});

describe('a device made elsewhere', () => {
  it.each([
    ['a virtual one', `${mfa}/old`, ['tag', 'deactivate']],
    ['a hardware token', 'GAHT00000001', ['deactivate']],
    ['a FIDO key', 'arn:aws:iam::123456789012:u2f/user/alice/key', ['deactivate']],
  ])('has no expiry to remove: %s', async (_, serialNumber, expected) => {
    const { context, calls, tags } = setUp([serialNumber, tablet]);
    tags.set(serialNumber, {});

    await deactivateDevice(serialNumber, context);

    expect(calls).toEqual(expected);
  });
});

describe('removing a device', () => {
  const contextOf = ({ directory, lease }: FakeDevices, allowRemovingLast = false): RemovalContext => ({
    caller,
    directory,
    lease,
    resyncCoolDown: 0,
    allowRemovingLast,
  });

  it('notes the change before IAM makes it', async () => {
    const world = new FakeDevices().withActive(phone, tablet);

    await deleteDevice(phone, contextOf(world));

    expect(world.calls).toEqual([
      'acquire',
      'record phone inactive',
      'deactivate phone',
      'remove phone',
      'release',
    ]);
  });

  it.each([
    ['deactivating', deactivateDevice],
    ['deleting', deleteDevice],
  ])('is refused if the other one has just been deactivated: %s', async (_, remove) => {
    const world = new FakeDevices().withActive(phone, tablet);
    world.recent = [{ serialNumber: tablet, active: false, at: 0 }];

    await expect(remove(phone, contextOf(world))).rejects.toMatchObject({
      code: 'last-device',
      message: expect.stringContaining('"replaces"'),
    });

    expect(world.changes).toEqual([]);
  });

  it('counts a device that has just been enabled again', async () => {
    const world = new FakeDevices().withActive(phone, tablet);
    world.recent = [{ serialNumber: tablet, active: true, at: 0 }];

    await deactivateDevice(phone, contextOf(world));

    expect([...world.active.keys()]).toEqual([tablet]);
  });

  it('can remove the last one if the operator allows it', async () => {
    const world = new FakeDevices().withActive(phone);

    await deleteDevice(phone, contextOf(world, true));

    expect(world.active.size).toBe(0);
  });

  it('leaves an inactive device alone, but deletes it on request', async () => {
    const world = new FakeDevices().withActive(phone).withPending(tablet);

    await deactivateDevice(tablet, contextOf(world));
    expect(world.changes).toEqual([]);

    await deleteDevice(tablet, contextOf(world));
    expect(world.changes).toEqual(['remove tablet']);
  });

  it('tags a device made elsewhere as its holder’s before deactivating it', async () => {
    const world = new FakeDevices().withActive(older, phone);
    world.tags.set(older, {});

    await deactivateDevice(older, contextOf(world));

    expect(world.changes).toEqual(['tag older', 'deactivate older']);
    expect(world.tags.get(older)).toEqual(ownerTag());
  });

  it('only deactivates a FIDO key', async () => {
    const world = new FakeDevices().withActive(phone, securityKey);

    await deleteDevice(securityKey, contextOf(world));

    expect(world.changes).toEqual([expect.stringMatching(/^deactivate key-/)]);
  });

  it.each<ProblemCode>(['busy', 'throttled'])('withdraws its note if IAM refuses with %s', async (code) => {
    const world = new FakeDevices().withActive(phone, tablet).failWith('deactivate', code);

    await expect(deactivateDevice(phone, contextOf(world))).rejects.toMatchObject({ code });

    expect(world.calls).toContain('forget phone');
  });

  it.each<[string, ProblemCode, boolean]>([
    ['IAM did it despite the error', 'timeout', true],
    ['another call was faster', 'device-not-found', true],
  ])('succeeds if %s', async (_, code, after) => {
    const world = new FakeDevices().withActive(phone, tablet).failWith('deactivate', code, { after });

    await deactivateDevice(phone, contextOf(world));

    expect(world.calls).not.toContain('forget phone');
  });

  it('repeats a call whose answer was lost', async () => {
    const world = new FakeDevices().withActive(phone, tablet).failWith('deactivate', 'timeout');

    await deactivateDevice(phone, contextOf(world));

    expect(world.changes).toEqual(['deactivate phone', 'deactivate phone']);
    expect(world.active.has(phone)).toBe(false);
  });

  it.each<ProblemCode>(['timeout', 'upstream-failed', 'throttled'])(
    'passes the first error on if the repeated call ends with %s, and keeps its note',
    async (again) => {
      const world = new FakeDevices().withActive(phone, tablet);
      const deactivate = vi.spyOn(world.directory, 'deactivate');
      deactivate.mockRejectedValueOnce(new Problem('timeout', 'Lost.'));
      deactivate.mockRejectedValueOnce(new Problem(again, 'Lost again.'));

      await expect(deactivateDevice(phone, contextOf(world))).rejects.toMatchObject({
        code: 'timeout',
        message: 'Lost.',
      });

      expect(world.calls).not.toContain('forget phone');
    },
  );

  it('withdraws its note if IAM refuses for lack of rights, say', async () => {
    const refused = new Problem('upstream-failed', 'No.', { unchanged: true });
    const world = new FakeDevices().withActive(phone, tablet).fail('deactivate', refused);

    await expect(deactivateDevice(phone, contextOf(world))).rejects.toMatchObject({ message: 'No.' });

    expect(world.calls).toContain('forget phone');
  });

  it('is complete if the device is gone before it is deleted', async () => {
    const world = new FakeDevices().withActive(phone, tablet).failWith('remove', 'device-not-found');

    await expect(deleteDevice(phone, contextOf(world))).resolves.toBeUndefined();
  });

  it.each([
    ['not deleted', { after: false }],
    ['deleted, perhaps,', { after: true }],
  ])('says that the device is deactivated if it is %s, and is completed by repeating it', async (_, when) => {
    const world = new FakeDevices().withActive(phone, tablet).failWith('remove', 'throttled', when);

    await expect(deleteDevice(phone, contextOf(world))).rejects.toMatchObject({
      code: 'throttled',
      message: 'The device is deactivated, but its deletion is not confirmed. Repeat this call.',
    });
    expect(world.active.has(phone)).toBe(false);
    await deleteDevice(phone, contextOf(world)).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'device-not-found' });
    });

    expect(world.tags.has(phone)).toBe(false);
  });

  it('says nothing of the kind of a device that was not active', async () => {
    const world = new FakeDevices().withActive(phone).withPending(tablet).failWith('remove', 'throttled');

    await expect(deleteDevice(tablet, contextOf(world))).rejects.toMatchObject({ message: 'remove failed.' });
  });

  it('unbinds the pass before the device goes, and notes that it is not pending', async () => {
    const world = new FakeDevices().withActive(phone).withPending(tablet).failWith('remove', 'throttled');
    const { stored } = newPass('a'.repeat(26));
    world.pass = { ...stored, serialNumber: tablet };
    world.creations = [{ serialNumber: tablet, at: 0, pending: true }];

    await expect(deleteDevice(tablet, contextOf(world))).rejects.toMatchObject({ code: 'throttled' });
    expect(world.pass).toEqual({ ...stored, serialNumber: undefined });
    await deleteDevice(tablet, contextOf(world));

    expect(world.creations).toEqual([{ serialNumber: tablet, at: 0, pending: false }]);
  });

  it.each([
    ['deactivating', deactivateDevice],
    ['deleting', deleteDevice],
  ])('is refused under the guard of a recovery, even with an old session: %s', async (_, remove) => {
    const world = new FakeDevices().withActive(phone, tablet).withPending(`${tablet}-2`);
    world.guard = { recoveryId: 'a'.repeat(26), at: 0 };

    for (const serialNumber of [phone, `${tablet}-2`]) {
      await expect(remove(serialNumber, contextOf(world))).rejects.toMatchObject({
        code: 'enrolment-pass-required',
      });
    }

    expect(world.changes).toEqual([]);
  });

  it('does not reach another user’s device', async () => {
    const world = new FakeDevices().withActive(phone).withPending(foreign, ownerTag('AIDABOB0000000000001'));

    await expect(deleteDevice(foreign, contextOf(world))).rejects.toMatchObject({ code: 'device-not-found' });

    expect(world.changes).toEqual([]);
  });
});

describe('a stale list', () => {
  const contextOf = (world: FakeDevices): RemovalContext => ({ ...world.context, allowRemovingLast: false });
  const listing = (world: FakeDevices, ...listed: readonly ActiveDevice[]) =>
    vi.spyOn(world.directory, 'listActive').mockResolvedValue(listed);
  const listed = (serialNumber: string): ActiveDevice => ({ serialNumber, enabledAt });

  it('that misses a device enabled just now does not pass it off as inactive', async () => {
    const world = new FakeDevices().withActive(phone, tablet);
    listing(world, listed(phone));
    world.recent = [{ serialNumber: tablet, active: true, at: enabledAt.getTime() }];

    await deactivateDevice(tablet, contextOf(world));

    expect([...world.active.keys()]).toEqual([phone]);
  });

  it('that misses the only device, enabled just now, does not make it another one', async () => {
    const world = new FakeDevices().withActive(phone);
    listing(world);
    world.recent = [{ serialNumber: phone, active: true, at: enabledAt.getTime() }];

    await expect(deactivateDevice(phone, contextOf(world))).rejects.toMatchObject({ code: 'last-device' });
  });

  it('that misses it does not leave a hardware token unknown either', async () => {
    const world = new FakeDevices().withActive(phone, token);
    listing(world, listed(phone));
    world.recent = [{ serialNumber: token, active: true, at: enabledAt.getTime() }];

    await deleteDevice(token, contextOf(world));

    expect([...world.active.keys()]).toEqual([phone]);
  });

  it('does not pass a device off as inactive whose deactivation came to nothing', async () => {
    const world = new FakeDevices().withActive(phone, tablet);
    listing(world, listed(phone));
    world.recent = [{ serialNumber: tablet, active: false, at: enabledAt.getTime() }];

    await deactivateDevice(tablet, contextOf(world));

    expect([...world.active.keys()]).toEqual([phone]);
  });

  it.each([
    ['not listed yet', []],
    ['listed only as of an earlier activation', [listed(tablet)]],
  ])('means waiting while the other device is %s', async (_, others) => {
    const world = new FakeDevices().withActive(phone, tablet);
    listing(world, listed(phone), ...others);
    world.recent = [{ serialNumber: tablet, active: true, at: enabledAt.getTime() + 60_000 }];

    await expect(deactivateDevice(phone, contextOf(world))).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('five minutes at most'),
      extras: { retryAfter: 5 },
    });

    expect(world.changes).toEqual([]);
  });

  it('allows for a clock of IAM that is somewhat behind', async () => {
    const world = new FakeDevices().withActive(phone, tablet);
    world.recent = [{ serialNumber: tablet, active: true, at: enabledAt.getTime() + 5_000 }];

    await deactivateDevice(phone, contextOf(world));

    expect([...world.active.keys()]).toEqual([tablet]);
  });

  it('does not stop the deletion of a device made elsewhere that is gone already', async () => {
    const world = new FakeDevices().withActive(phone);
    listing(world, listed(phone), listed(older));
    vi.spyOn(world.directory, 'tag').mockRejectedValue(new Problem('device-not-found', 'Gone.'));

    await expect(deleteDevice(older, contextOf(world))).resolves.toBeUndefined();
  });
});
