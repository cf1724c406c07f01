import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isProblem, Problem, type ProblemCode } from '../../../shared/contract/problem.ts';
import { enableDevice } from '../../../shared/devices/activation.ts';
import { clock } from '../../../shared/lib/clock.ts';
import {
  enabledAt,
  FakeDevices,
  foreign,
  older,
  ownerTag,
  phone,
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

const withTablet = () => new FakeDevices().withActive(phone).withPending(tablet);

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
    const world = new FakeDevices()
      .withActive(phone)
      .withPending(tablet, { ...ownerTag(), 'mfa-self-service:expires-at': '2026-11-24T13:00:00.000Z' });

    await enable(world);

    expect(world.tags.get(tablet)).toEqual(ownerTag());
  });

  it('succeeds even if the expiry cannot be removed', async () => {
    const world = withTablet().failWith('untag', 'throttled');

    await expect(enable(world)).resolves.toMatchObject({ status: 'active' });
  });

  it('returns an active device unchanged, without spending codes', async () => {
    const world = withTablet();

    const activation = await enable(world, { serialNumber: phone });

    expect(world.calls).toEqual(['acquire', 'untag phone', 'release']);
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

    expect(world.changes).toEqual(['untag tablet', 'remove phone']);
  });

  it('is complete if a repeated call finds the old device gone', async () => {
    const world = new FakeDevices().withActive(tablet);

    await expect(enable(world, { replaces: phone })).resolves.toMatchObject({ status: 'active' });

    expect(world.changes).toEqual(['untag tablet']);
  });

  it('never deletes another user’s device', async () => {
    const world = new FakeDevices().withActive(tablet).withPending(foreign, ownerTag('AIDABOB0000000000001'));

    await enable(world, { replaces: foreign });

    expect(world.tags.has(foreign)).toBe(true);
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
