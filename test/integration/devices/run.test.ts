import { afterEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { deleteExpiredDevices, type ExpiryContext, ownerIfExpired } from '../../../shared/devices/expired.ts';
import type { ChangeLease } from '../../../shared/lease/ports.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { fakeLease } from '../../support/fake-lease.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const serial = (name: number) => `arn:aws:iam::123456789012:mfa/self-service/alice/phone-${name}`;
const expired = {
  'mfa-self-service:owner': 'AIDAALICE00000000001',
  'mfa-self-service:expires-at': '2020-01-01T00:00:00.000Z',
};
const lease: ChangeLease = { run: (change) => change(fakeLease()) };

/** A run over `count` devices; `look` is called whenever one is read. */
function setUp(
  count: number,
  {
    look = async () => undefined,
    millisLeft = () => 60_000,
  }: { look?: (serialNumber: string) => Promise<void>; millisLeft?: () => number } = {},
) {
  const deleted: string[] = [];
  const failures: string[] = [];
  const context: ExpiryContext = {
    directory: {
      unassigned: async function* () {
        const all = Array.from({ length: count }, (_, index) => serial(index));
        for (let start = 0; start < count; start += 10) yield all.slice(start, start + 10);
      },
      until: () => ({
        listTags: async (serialNumber) => {
          await look(serialNumber);
          return expired;
        },
        remove: async () => undefined,
      }),
    },
    leaseOf: () => lease,
    millisLeft,
    onDeleted: ({ serialNumber }) => deleted.push(serialNumber),
    onFailure: (serialNumber) => failures.push(serialNumber),
  };
  return { context, deleted, failures };
}

describe('a run', () => {
  it('handles every device of every page once', async () => {
    const { context, deleted } = setUp(25);
    expect(await deleteExpiredDevices(context)).toEqual({ pending: 25, deleted: 25, failed: 0, left: 0 });
    expect(new Set(deleted).size).toBe(25);
  });

  it('without devices does nothing', async () => {
    expect(await deleteExpiredDevices(setUp(0).context)).toEqual({
      ...{ pending: 0, deleted: 0, failed: 0, left: 0 },
    });
  });

  it('stops in time to finish cleanly, leaving the rest', async () => {
    let millis = 60_000;
    const { context, deleted } = setUp(100, {
      look: async () => {
        millis -= 1_000;
      },
      millisLeft: () => millis,
    });
    const run = await deleteExpiredDevices(context);
    expect(run.left).toBeGreaterThan(0);
    expect(run.deleted + run.left).toBe(100);
    expect(deleted).toHaveLength(run.deleted);
    expect(millis).toBeGreaterThan(2_000);
  });

  it('starts at varying places, so that no device is always left out', async () => {
    const random = vi.spyOn(Math, 'random');
    const seen = new Set<string>();
    for (const start of [0, 0.25, 0.5, 0.75]) {
      random.mockReturnValue(start);
      let millis = 60_000;
      const { context, deleted } = setUp(100, {
        look: async () => {
          millis -= 900;
        },
        millisLeft: () => millis,
      });
      await deleteExpiredDevices(context);
      expect(deleted[0]).toBe(serial(start * 100));
      for (const serialNumber of deleted) seen.add(serialNumber);
    }
    expect(seen.size).toBe(100);
  });

  it('reads at most four devices at a time', async () => {
    let underWay = 0;
    let most = 0;
    const { context } = setUp(30, {
      look: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise(setImmediate);
        underWay -= 1;
      },
    });
    await deleteExpiredDevices(context);
    expect(most).toBe(4);
  });

  it('continues after a failure and reports it', async () => {
    const { context, failures } = setUp(10, {
      look: async (serialNumber) => {
        if (serialNumber === serial(3)) throw new Problem('upstream-failed', 'AWS failed.');
      },
    });
    expect(await deleteExpiredDevices(context)).toMatchObject({ deleted: 9, failed: 1, left: 0 });
    expect(failures).toEqual([serial(3)]);
  });

  it('ends when AWS throttles', async () => {
    const { context, failures } = setUp(100, {
      look: async () => {
        throw new Problem('throttled', 'Too many calls.');
      },
    });
    expect(await deleteExpiredDevices(context)).toMatchObject({ deleted: 0, failed: 0, left: 96 });
    expect(failures).toEqual([]);
  });

  it.each(['device-not-found', 'device-active', 'busy'] as const)(
    'does not count %s as a failure',
    async (code) => {
      const { context } = setUp(1, {
        look: async () => {
          throw new Problem(code, 'Not now.');
        },
      });
      expect(await deleteExpiredDevices(context)).toEqual({ pending: 1, deleted: 0, failed: 0, left: 0 });
    },
  );

  it('deletes no device whose owner has changed since the first look', async () => {
    const { context, deleted } = setUp(1);
    const listTags = vi
      .fn()
      .mockResolvedValueOnce(expired)
      .mockResolvedValueOnce({ ...expired, 'mfa-self-service:owner': 'AIDABOB0000000000001' });
    const until = (signal: AbortSignal) => ({ ...context.directory.until(signal), listTags });
    await deleteExpiredDevices({ ...context, directory: { ...context.directory, until } });
    expect(listTags).toHaveBeenCalledTimes(2);
    expect(deleted).toEqual([]);
  });

  it('fails when the devices cannot be listed', async () => {
    const { context } = setUp(1);
    const unassigned = () => {
      throw new Problem('upstream-failed', 'AWS failed.');
    };
    await expect(
      deleteExpiredDevices({ ...context, directory: { ...context.directory, unassigned } }),
    ).rejects.toMatchObject({ code: 'upstream-failed' });
  });
});

describe('an expiry', () => {
  it.each([
    ['past', '2020-01-01T00:00:00.000Z', 'AIDAALICE00000000001'],
    ['to come', '2999-01-01T00:00:00.000Z', undefined],
    ['with an offset', '2020-01-01T00:00:00.000+01:00', undefined],
    ['without milliseconds', '2020-01-01T00:00:00Z', undefined],
    ['beyond what dates can be', '+999999-01-01T00:00:00.000Z', undefined],
    ['with words after it', '2020-01-01T00:00:00.000Z or so', undefined],
    ['in words', 'Wed, 01 Jan 2020 00:00:00 GMT', undefined],
  ])('%s (%s) yields the owner %s', (_, expiresAt, owner) => {
    expect(ownerIfExpired({ ...expired, 'mfa-self-service:expires-at': expiresAt })).toBe(owner);
  });
});

describe('a run reads no device', () => {
  it.each([
    'arn:aws:iam::123456789012:mfa/older',
    'arn:aws:iam::123456789012:mfa/self-service/alice/',
    'arn:aws:iam::123456789012:mfa/self-service/alice/deeper/phone',
    'arn:aws:iam::123456789012:mfa/elsewhere/self-service/alice/phone',
    'x-arn:aws:iam::123456789012:mfa/self-service/alice/phone',
    'arn:aws:iam::123456789012:sms-mfa/self-service/alice/phone',
    'arn:aws:iam::123456789012:mfa/self-service/alice/phone 2',
  ])('outside the product’s path: %s', async (serialNumber) => {
    const { context, deleted } = setUp(0);
    const directory = {
      ...context.directory,
      unassigned: async function* () {
        yield [serialNumber];
      },
    };

    expect(await deleteExpiredDevices({ ...context, directory })).toMatchObject({ pending: 0 });

    expect(deleted).toEqual([]);
  });
});

describe('a device is not up for deletion', () => {
  const now = Date.parse('2026-11-24T12:00:00.000Z');
  const tags = (owner: string, expiresAt: string) => ({
    'mfa-self-service:owner': owner,
    'mfa-self-service:expires-at': expiresAt,
  });

  it.each([
    ['at the very moment of its expiry', tags('AIDAALICE00000000001', '2026-11-24T12:00:00.000Z')],
    ['with a text before its owner', tags('x AIDAALICE00000000001', '2026-11-24T11:00:00.000Z')],
    ['with a text after its owner', tags('AIDAALICE00000000001 x', '2026-11-24T11:00:00.000Z')],
    ['without an owner', tags('', '2026-11-24T11:00:00.000Z')],
    ['without a time', { 'mfa-self-service:owner': 'AIDAALICE00000000001' }],
    ['with another form of a time', tags('AIDAALICE00000000001', '2026-11-24T11:00:00Z')],
  ])('%s', (_, of) => {
    vi.spyOn(clock, 'now').mockReturnValue(now);

    expect(ownerIfExpired(of)).toBeUndefined();
  });
});
