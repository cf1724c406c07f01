import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isProblem, Problem, type ProblemCode } from '../../../shared/contract/problem.ts';
import { enableDevice } from '../../../shared/devices/activation.ts';
import type { Tags } from '../../../shared/devices/ports.ts';
import { newPass } from '../../../shared/lease/pass.ts';
import type { RecentChange } from '../../../shared/lease/ports.ts';
import { clock } from '../../../shared/lib/clock.ts';
import {
  enabledAt,
  FakeDevices,
  foreign,
  older,
  ownerTag,
  phone,
  rateLimit,
  tablet,
  token,
} from '../../support/fake-devices.ts';

const now = Date.parse('2026-11-24T12:00:10.000Z');
const codes = { code1: '123456', code2: '654321' };

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

interface Request {
  readonly serialNumber?: string;
  readonly replaces?: string;
}

const enable = async (world: FakeDevices, { serialNumber = tablet, replaces }: Request = {}) =>
  (await enableDevice(serialNumber, { ...codes, replaces }, world.context)).output;

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isProblem(error)) throw new Error('A problem was expected', { cause: error });
  return error;
}

const unexpired: Tags = { ...ownerTag(), 'mfa-self-service:expires-at': '2026-11-24T13:00:00.000Z' };
const withTablet = () => new FakeDevices().withActive(phone).withPending(tablet, unexpired);
const noted = (serialNumber: string, active: boolean, at = now - 2_000): RecentChange => ({
  serialNumber,
  active,
  at,
});

describe('enabling another device', () => {
  it('counts the codes and notes the change before IAM sees them, all under the lease', async () => {
    const world = withTablet();

    const activation = await enable(world);

    expect(world.calls).toEqual([
      'acquire',
      'spend',
      'record tablet active',
      'enable tablet',
      'untag tablet',
      'release',
    ]);
    expect(activation).toEqual({
      id: 'tablet',
      name: 'tablet',
      kind: 'virtual',
      serialNumber: tablet,
      status: 'active',
      enabledAt: '2026-11-24T12:00:10.000Z',
      usableForSessionsFrom: '2026-11-24T12:00:25.000Z',
    });
  });

  it('removes the expiry, and nothing else', async () => {
    const world = withTablet();

    await enable(world);

    expect(world.tags.get(tablet)).toEqual(ownerTag());
  });

  it('gives the lease back while the expiry is being removed, and answers after both', async () => {
    const world = withTablet();
    const { untag } = world.directory;
    const untagging = Promise.withResolvers<void>();
    vi.spyOn(world.directory, 'untag').mockImplementation(async (...untagged) => {
      await untagging.promise;
      return untag(...untagged);
    });

    const enabling = enable(world);
    await expect.poll(() => world.calls).toContain('release');
    expect(world.tags.get(tablet)).toEqual(unexpired);
    untagging.resolve();
    await enabling;

    expect(world.tags.get(tablet)).toEqual(ownerTag());
  });

  it('reads list and tags while it takes the lease', async () => {
    const world = withTablet();
    const listTags = vi.spyOn(world.directory, 'listTags');
    const listActive = vi.spyOn(world.directory, 'listActive');
    const run: typeof world.lease.run = async (change) => {
      expect([listActive, listTags].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
      return world.lease.run(change);
    };

    await enableDevice(tablet, codes, { ...world.context, lease: { run } });
  });

  it('leaves what it read alone if the lease is not to be had', async () => {
    const world = withTablet().failWith('listActive', 'throttled');
    const lease = { run: () => Promise.reject(new Problem('busy', 'Taken.')) };

    expect(await problemOf(enableDevice(tablet, codes, { ...world.context, lease }))).toMatchObject({
      code: 'busy',
    });
  });

  it('is no longer noted as pending', async () => {
    const world = withTablet();
    world.creations = [{ serialNumber: tablet, at: now, pending: true }];

    await enable(world);

    expect(world.creations).toEqual([{ serialNumber: tablet, at: now, pending: false }]);
  });

  it('succeeds even if the expiry cannot be removed', async () => {
    const world = withTablet().failWith('untag', 'throttled');

    await expect(enable(world)).resolves.toMatchObject({ status: 'active' });
  });

  it('returns an active device unchanged, without spending codes', async () => {
    const world = withTablet();

    const activation = await enable(world, { serialNumber: phone });

    expect(world.calls).toEqual(['acquire', 'release']);
    expect(activation).toMatchObject({
      enabledAt: enabledAt.toISOString(),
      usableForSessionsFrom: '2026-11-01T08:00:15.000Z',
    });
  });

  it('accepts a hardware token, which has neither owner nor expiry', async () => {
    const world = new FakeDevices().withActive(phone);

    await expect(enable(world, { serialNumber: token })).resolves.toMatchObject({ kind: 'hardware-totp' });

    expect(world.changes).toEqual(['spend', `enable ${token}`]);
  });

  it('counts a device enabled so recently that the list does not show it', async () => {
    const world = new FakeDevices().withPending(tablet);
    world.recent = [{ serialNumber: phone, active: true, at: now }];

    await expect(enable(world)).resolves.toMatchObject({ status: 'active' });
  });
});

describe('enabling another device is refused, and costs no codes,', () => {
  it('under the guard of a recovery, even with an old session', async () => {
    const world = withTablet();
    world.guard = { recoveryId: 'a'.repeat(26), at: 0 };

    expect(await problemOf(enable(world))).toMatchObject({ code: 'enrolment-pass-required' });

    expect(world.changes).toEqual([]);
  });

  it.each([
    ['with no device at all', []],
    ['when the only one was taken away just now', [{ serialNumber: phone, active: false, at: now }]],
  ])('%s', async (_, recent) => {
    const world = new FakeDevices().withPending(tablet);
    world.recent = recent;

    expect(await problemOf(enable(world))).toMatchObject({
      code: 'no-active-device',
      message: expect.stringContaining('/v1/me/first-mfa-device'),
    });

    expect(world.changes).toEqual([]);
  });

  it.each([
    [
      'a device whose name only starts like a pending one’s',
      tablet,
      new FakeDevices().withActive(phone).withPending(`${tablet}-2`),
    ],
    ['a device that does not exist', tablet, new FakeDevices().withActive(phone)],
    ['a device of another user', foreign, new FakeDevices().withActive(phone).withPending(foreign)],
    ['a device from elsewhere', older, new FakeDevices().withActive(phone).withPending(older)],
    [
      'a device of an earlier user of the same name',
      tablet,
      new FakeDevices().withActive(phone).withPending(tablet, ownerTag('AIDAFORMER0000000001')),
    ],
  ])('for %s', async (_, serialNumber, world) => {
    expect(await problemOf(enable(world, { serialNumber }))).toMatchObject({
      code: 'device-not-found',
      message: expect.stringContaining('Create it first'),
    });

    expect(world.changes).toEqual([]);
  });

  it('once too many codes were sent', async () => {
    const world = withTablet();

    world.budgetProblem = new Problem('throttled', 'Later.');

    expect(await problemOf(enable(world))).toMatchObject({ code: 'throttled' });

    expect(world.calls).toEqual(['acquire', 'spend', 'release']);
  });

  it('when the lease was lost before IAM was asked', async () => {
    const world = withTablet().failWith('record', 'busy');

    expect(await problemOf(enable(world))).toMatchObject({ code: 'busy' });

    expect(world.active.has(tablet)).toBe(false);
  });
});

describe('a stale list', () => {
  it('does not make a device active again that was deactivated just now', async () => {
    const world = withTablet().failWith('enable', 'invalid-authentication-code');
    listing(world, phone, tablet);
    world.recent = [noted(tablet, false)];

    expect(await problemOf(enable(world))).toMatchObject({ code: 'invalid-authentication-code' });
  });

  it('does not cost the last device, which is to be replaced by one that is deactivated by now', async () => {
    const world = withTablet().failWith('enable', 'invalid-authentication-code');
    listing(world, phone, tablet);
    world.recent = [noted(tablet, false)];

    await problemOf(enable(world, { replaces: phone }));

    expect([...world.active.keys()]).toEqual([phone]);
  });

  it('does not let two replacements in turn cost both devices', async () => {
    const world = withTablet();
    await enable(world, { replaces: phone });
    world.recent = [noted(tablet, true), noted(phone, false)];
    listing(world, phone);

    expect(await problemOf(enable(world, { serialNumber: phone, replaces: tablet }))).toMatchObject({
      code: 'device-not-found',
    });

    expect([...world.active.keys()]).toEqual([tablet]);
  });

  it('does not prove with an earlier activation that the last one came to something', async () => {
    const world = withTablet().failWith('enable', 'invalid-authentication-code');
    listing(world, phone, tablet);
    world.recent = [noted(tablet, true)];

    await problemOf(enable(world, { replaces: phone }));

    expect([...world.active.keys()]).toEqual([phone]);
  });

  it('that misses the device to be replaced does not spare it', async () => {
    const world = new FakeDevices().withActive(phone, tablet).withPending(`${tablet}-2`);
    listing(world, phone);
    world.recent = [noted(tablet, true)];

    await enable(world, { serialNumber: `${tablet}-2`, replaces: tablet });

    expect([...world.active.keys()]).toEqual([phone, `${tablet}-2`]);
    expect(world.tags.has(tablet)).toBe(false);
  });

  it('lets nobody enrol with an old session after their only device was taken away', async () => {
    const world = new FakeDevices().withPending(tablet);
    listing(world, phone);
    world.recent = [noted(phone, false)];

    expect(await problemOf(enable(world))).toMatchObject({ code: 'no-active-device' });

    expect(world.changes).toEqual([]);
  });

  it('is no reason to call the caller’s own device another user’s', async () => {
    const world = new FakeDevices().withActive(phone, tablet).failWith('enable', 'device-in-use');
    listing(world, phone);
    world.recent = [noted(tablet, true)];

    expect(await problemOf(enable(world))).toMatchObject({ code: 'busy', extras: { retryAfter: 5 } });

    expect(world.calls).toContain('forget tablet');
  });

  function listing(world: FakeDevices, ...serialNumbers: readonly string[]) {
    const listed = serialNumbers.map((serialNumber) => ({ serialNumber, enabledAt }));
    vi.spyOn(world.directory, 'listActive').mockResolvedValue(listed);
  }
});

describe('when IAM does not enable the device', () => {
  it.each<ProblemCode>(['device-not-found', 'device-limit', 'busy', 'throttled'])(
    '%s is passed on, and the note is withdrawn',
    async (code) => {
      const world = withTablet().failWith('enable', code);

      expect(await problemOf(enable(world))).toMatchObject({ code, message: 'enable failed.' });

      expect(world.calls.slice(-2)).toEqual(['forget tablet', 'release']);
    },
  );

  it('refused codes come with the time of the next one', async () => {
    const world = withTablet().failWith('enable', 'invalid-authentication-code');

    expect(await problemOf(enable(world))).toMatchObject({
      code: 'invalid-authentication-code',
      message: expect.stringContaining('two consecutive codes'),
      extras: { retryAfter: 20, resyncMayHelp: false },
    });
    expect(world.calls).toContain('forget tablet');
  });

  it('a device that another user holds is reported as such', async () => {
    const world = withTablet().failWith('enable', 'device-in-use');

    expect(await problemOf(enable(world))).toMatchObject({ code: 'device-in-use' });
    expect(world.calls).toContain('forget tablet');
  });

  it.each<ProblemCode>(['upstream-failed', 'timeout'])(
    'an ambiguous %s is passed on, and the note stays: the device may be active',
    async (code) => {
      const world = withTablet().failWith('enable', code);

      expect(await problemOf(enable(world))).toMatchObject({ code });

      expect(world.calls).not.toContain('forget tablet');
    },
  );

  it('for lack of rights, say, the note is withdrawn, for it is certain that nothing was enabled', async () => {
    const refused = new Problem('upstream-failed', 'No.', { unchanged: true });
    const world = withTablet().fail('enable', refused);

    expect(await problemOf(enable(world))).toMatchObject({ code: 'upstream-failed', message: 'No.' });

    expect(world.calls).toContain('forget tablet');
  });

  it.each<ProblemCode>(['upstream-failed', 'timeout', 'device-in-use'])(
    'but lists it as active, %s is not a failure',
    async (code) => {
      const world = withTablet().failWith('enable', code, { after: true });

      await expect(enable(world)).resolves.toMatchObject({ serialNumber: tablet, status: 'active' });
    },
  );

  it('and cannot list devices either, the first error is passed on', async () => {
    const world = withTablet();
    const listActive = vi.spyOn(world.directory, 'listActive');
    listActive.mockResolvedValueOnce([{ serialNumber: phone, enabledAt }]);
    listActive.mockRejectedValueOnce(new Problem('throttled', 'Later.'));
    world.failWith('enable', 'timeout');

    expect(await problemOf(enable(world))).toMatchObject({ code: 'timeout' });
  });
});

describe('a replacement', () => {
  it('deactivates and deletes the old device only once the new one is active', async () => {
    const world = withTablet();

    await enable(world, { replaces: phone });

    expect(world.calls).toEqual([
      'acquire',
      'spend',
      'record tablet active',
      'enable tablet',
      'untag tablet',
      'record phone inactive',
      'deactivate phone',
      'remove phone',
      'release',
    ]);
  });

  it('leaves the old device alone if the new one is not enabled', async () => {
    const world = withTablet().failWith('enable', 'invalid-authentication-code');

    await problemOf(enable(world, { replaces: phone }));

    expect([...world.active.keys()]).toEqual([phone]);
  });

  it('tags a device made elsewhere before deactivating it, so that it can be deleted', async () => {
    const world = new FakeDevices().withActive(older).withPending(tablet);
    world.tags.set(older, {});

    await enable(world, { replaces: older });

    expect(world.changes.slice(-3)).toEqual(['tag older', 'deactivate older', 'remove older']);
  });

  it('only deactivates a hardware token', async () => {
    const world = new FakeDevices().withActive(token).withPending(tablet);

    await enable(world, { replaces: token });

    expect(world.changes.slice(-1)).toEqual([`deactivate ${token}`]);
  });

  it('is completed by repeating it when the old device was deactivated but not deleted', async () => {
    const world = new FakeDevices().withActive(tablet).withPending(phone);

    await enable(world, { replaces: phone });

    expect(world.changes).toEqual(['remove phone']);
  });

  it('is complete if a repeated call finds the old device gone', async () => {
    const world = new FakeDevices().withActive(tablet);

    await expect(enable(world, { replaces: phone })).resolves.toMatchObject({ status: 'active' });

    expect(world.changes).toEqual([]);
  });

  it('never deletes another user’s device', async () => {
    const world = new FakeDevices().withActive(tablet).withPending(foreign, ownerTag('AIDABOB0000000000001'));

    await enable(world, { replaces: foreign });

    expect(world.tags.has(foreign)).toBe(true);
  });

  it.each<[string, 'deactivate' | 'remove', { after: boolean }]>([
    ['deactivated', 'deactivate', { after: false }],
    ['deleted', 'remove', { after: false }],
    ['deleted, perhaps,', 'remove', { after: true }],
  ])(
    'says that the new device is active if the old one is not %s, and is completed by repeating it',
    async (_, call, when) => {
      const world = withTablet().failWith(call, 'throttled', when);

      expect(await problemOf(enable(world, { replaces: phone }))).toMatchObject({
        code: 'throttled',
        message:
          'Your new device is active, but the removal of the old one is not confirmed. Repeat this call.',
        extras: { rateLimit },
      });
      expect(world.active.has(tablet)).toBe(true);
      await enable(world, { replaces: phone });

      expect([...world.active.keys()]).toEqual([tablet]);
      expect(world.tags.has(phone)).toBe(false);
    },
  );

  it('says as well what to do first if the old device has no room for a tag', async () => {
    const world = new FakeDevices().withActive(older).withPending(tablet).failWith('tag', 'tag-limit');
    world.tags.set(older, {});

    expect(await problemOf(enable(world, { replaces: older }))).toMatchObject({
      code: 'tag-limit',
      message: expect.stringMatching(/^Your new device is active.* tag failed\. Repeat this call\.$/),
    });
  });

  it('unbinds the pass from the device that it deletes, and notes that it is not pending', async () => {
    const replaced = `${tablet}-2`;
    const world = withTablet().withPending(replaced);
    world.pass = { ...newPass('a'.repeat(26)).stored, serialNumber: replaced };
    world.creations = [{ serialNumber: replaced, at: now, pending: true }];

    await enable(world, { replaces: replaced });

    expect(world.pass).not.toHaveProperty('serialNumber', replaced);
    expect(world.creations).toEqual([{ serialNumber: replaced, at: now, pending: false }]);
  });

  it('can replace one’s own pending device', async () => {
    const world = withTablet().withPending(`${tablet}-2`);

    await enable(world, { replaces: `${tablet}-2` });

    expect(world.changes.slice(-1)).toEqual(['remove tablet-2']);
  });

  it('of a device by itself is refused before anything is done', async () => {
    const world = withTablet();

    expect(await problemOf(enable(world, { replaces: tablet }))).toMatchObject({
      code: 'validation-failed',
      extras: { errors: [{ pointer: '/body/replaces' }] },
    });
    expect(world.changes).toEqual([]);
  });

  it('of a device that is not there is refused before anything is done', async () => {
    const world = withTablet();

    expect(await problemOf(enable(world, { replaces: older }))).toMatchObject({
      code: 'device-not-found',
      message: expect.stringContaining('"replaces"'),
    });
    expect(world.changes).toEqual([]);
  });
});
