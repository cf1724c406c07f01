import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Faults } from '../../../local-aws/aws/faults.ts';
import { type LocalDynamoDb, startDynamoDb } from '../../../local-aws/dynamodb.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import type { HeldLease } from '../../../shared/lease/ports.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { apiEnv } from '../../support/api-event.ts';
import { tableNamed } from '../../support/deployed.ts';
import { freshFunction } from '../../support/fresh-function.ts';

const faults = new Faults();
let dynamo: LocalDynamoDb;
let userNumber = 0;
let caller: Caller;

beforeAll(async () => {
  dynamo = await startDynamoDb({ table: tableNamed(apiEnv.TABLE_NAME), region: 'us-east-1', faults });
});
afterAll(() => dynamo.close());
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  userNumber += 1;
  caller = {
    partition: 'aws',
    accountId: '123456789012',
    userName: `user${userNumber}`,
    userArn: `arn:aws:iam::123456789012:user/user${userNumber}`,
    userId: `AIDA${userNumber}`,
    accessKeyId: 'ASIAEXAMPLE000000001',
    temporary: true,
  };
});
afterEach(() => {
  faults.clear();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The lease as seen by another function with its own connections. */
async function leaseOf(who: Caller, { remainingMillis = 10_000, url = dynamo.url, waitMillis = 0 } = {}) {
  await freshFunction({ AWS_ENDPOINT_URL_DYNAMODB: url }, () => clock.now());
  const { changeLease } = await import('../../../shared/aws/table/change-lease.ts');
  return changeLease({ caller: who, remainingMillis, waitMillis, signal: new AbortController().signal });
}

const problem = (code: string) => expect.objectContaining({ code });

/** A change that holds the lease until released. */
async function holding(options: { remainingMillis?: number } = {}) {
  const lease = await leaseOf(caller, options);
  const started = Promise.withResolvers<HeldLease>();
  const ended = Promise.withResolvers<void>();
  const run = lease.run(async (held) => {
    started.resolve(held);
    await ended.promise;
  });
  return { held: await started.promise, end: () => ended.resolve(), run };
}

/** Makes the lease pause in no time; returns how many milliseconds each pause would take. */
function pausing(onPause: (number: number) => unknown = () => undefined): readonly number[] {
  const pauses: number[] = [];
  vi.doMock('node:timers/promises', async (original) => ({
    ...(await original<object>()),
    setTimeout: async (millis: number) => {
      pauses.push(millis);
      await onPause(pauses.length);
    },
  }));
  return pauses;
}

describe('a lease that is taken', () => {
  afterEach(() => {
    vi.doUnmock('node:timers/promises');
  });

  it('is had by who waits, once its holder is done', async () => {
    const holder = await holding();
    const pauses = pausing(async (number) => {
      if (number < 3) return;
      holder.end();
      await holder.run;
    });
    const waiting = await leaseOf(caller, { waitMillis: 5_000 });

    await expect(waiting.run(async () => 'done')).resolves.toBe('done');

    expect(pauses).toHaveLength(3);
  });

  it('is had by who waits although another takes it over and over', async () => {
    let holder = await holding();
    const pauses = pausing(async (number) => {
      holder.end();
      await holder.run;
      if (number < 5) holder = await holding();
    });
    const waiting = await leaseOf(caller, { waitMillis: 5_000 });

    await expect(waiting.run(async () => 'done')).resolves.toBe('done');

    expect(pauses).toHaveLength(5);
  });

  it('is not waited for by who does not say so', async () => {
    const holder = await holding();
    const pauses = pausing();

    await expect((await leaseOf(caller)).run(async () => 'done')).rejects.toEqual(problem('busy'));

    expect(pauses).toEqual([]);
    holder.end();
    await holder.run;
  });

  it('is given up after the wait, in pauses that differ', async () => {
    const holder = await holding();
    const pauses = pausing();
    const waiting = await leaseOf(caller, { waitMillis: 5_000 });

    await expect(waiting.run(async () => 'done')).rejects.toEqual(problem('busy'));

    const waited = pauses.reduce((sum, pause) => sum + pause, 0);
    expect(waited).toBeGreaterThan(4_600);
    expect(waited).toBeLessThanOrEqual(5_000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(400);
    expect(new Set(pauses).size).toBeGreaterThan(1);
    holder.end();
    await holder.run;
  });

  it('is given up when time is up', async () => {
    const holder = await holding();
    const pauses = pausing(() => Promise.reject(new Error('aborted')));
    const waiting = await leaseOf(caller, { waitMillis: 5_000 });

    await expect(waiting.run(async () => 'done')).rejects.toEqual(problem('busy'));

    expect(pauses).toHaveLength(1);
    holder.end();
    await holder.run;
  });
});

describe('the lease of a user', () => {
  it('lets one of many simultaneous changes through and answers busy to the rest', async () => {
    const leases = await Promise.all(Array.from({ length: 20 }, () => leaseOf(caller)));
    const othersRefused = Promise.withResolvers<void>();
    let running = 0;
    let refusals = 0;
    const change = async () => {
      running += 1;
      await othersRefused.promise;
    };
    const noteRefusal = (error: unknown) => {
      refusals += 1;
      if (refusals === leases.length - 1) othersRefused.resolve();
      throw error;
    };

    const results = await Promise.allSettled(leases.map((lease) => lease.run(change).catch(noteRefusal)));

    const refused = results.filter((result) => result.status === 'rejected');
    expect(running).toBe(1);
    expect(refused).toHaveLength(19);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: 'busy', extras: { retryAfter: 2 } });
  });

  it('is free again after a change, even a failed one', async () => {
    const lease = await leaseOf(caller);

    await expect(lease.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');

    await expect(lease.run(async () => 'done')).resolves.toBe('done');
  });

  it('does not affect other users', async () => {
    const holder = await holding();
    const other = await leaseOf({ ...caller, userId: `${caller.userId}0` });

    await expect(other.run(async () => 'done')).resolves.toBe('done');

    holder.end();
    await holder.run;
  });

  it('expires when its holder dies', async () => {
    await holding({ remainingMillis: 3_000 });
    const next = await leaseOf(caller);
    const real = Date.now();

    vi.spyOn(clock, 'now').mockReturnValue(real + 4_000);
    await expect(next.run(async () => 'done')).rejects.toEqual(problem('busy'));

    vi.spyOn(clock, 'now').mockReturnValue(real + 6_000);
    await expect(next.run(async () => 'done')).resolves.toBe('done');
  });

  it('stops an expired holder from enabling, and from ending another holder’s lease', async () => {
    const late = await holding({ remainingMillis: 3_000 });
    vi.spyOn(clock, 'now').mockReturnValue(Date.now() + 3_600_000);
    const next = await holding();

    await expect(late.held.record('phone', true)).rejects.toEqual(problem('busy'));
    late.end();
    await late.run;

    const third = await leaseOf(caller);
    await expect(third.run(async () => 'done')).rejects.toEqual(problem('busy'));
    next.end();
    await next.run;
  });

  it('stops an expired holder from enabling even if no one else took the lease', async () => {
    const late = await holding({ remainingMillis: 3_000 });
    vi.spyOn(clock, 'now').mockReturnValue(Date.now() + 3_600_000);

    await expect(late.held.record('phone', true)).rejects.toEqual(problem('busy'));
  });

  it('does not lock a user out for long after a clock went back', async () => {
    const real = Date.now();
    const ahead = vi.spyOn(clock, 'now').mockReturnValue(real + 3_600_000);
    await holding();
    ahead.mockReturnValue(real);

    const next = await leaseOf(caller);

    await expect(next.run(async () => 'done')).resolves.toBe('done');
  });

  it('is taken even if the answer is lost', async () => {
    const lease = await leaseOf(caller);
    faults.put({ operation: 'UpdateItem', error: 'lost-answer', times: 1 });

    await expect(lease.run(async () => 'done')).resolves.toBe('done');

    expect(faults.take('UpdateItem')).toBeUndefined();
  });

  it('does not fail a change whose end it cannot record', async () => {
    const lease = await leaseOf(caller);

    const result = lease.run(async () => {
      faults.put({ operation: 'UpdateItem', error: 'ResourceNotFoundException', times: 10 });
      return 'done';
    });

    await expect(result).resolves.toBe('done');
  });
});

describe('without the table', () => {
  it.each(['InternalServerError', 'ResourceNotFoundException', 'connection-reset', 'malformed'])(
    'nothing is changed (%s)',
    async (error) => {
      faults.put({ operation: 'UpdateItem', error, times: 10 });
      const lease = await leaseOf(caller);
      const change = vi.fn(async () => 'done');

      await expect(lease.run(change)).rejects.toEqual(problem('upstream-failed'));

      expect(change).not.toHaveBeenCalled();
    },
  );

  it('nothing is changed when it is unreachable', async () => {
    const lease = await leaseOf(caller, { url: 'http://127.0.0.1:9' });
    const change = vi.fn(async () => 'done');

    await expect(lease.run(change)).rejects.toMatchObject({ code: 'upstream-failed', status: 502 });

    expect(change).not.toHaveBeenCalled();
  });

  it('nothing is enabled if it is lost midway', async () => {
    const lease = await leaseOf(caller);

    const result = lease.run(async (held) => {
      faults.put({ operation: 'UpdateItem', error: 'InternalServerError', times: 3 });
      await held.record('phone', true);
    });

    await expect(result).rejects.toEqual(problem('upstream-failed'));
  });
});

describe('recent changes', () => {
  const changing = async (change: (held: HeldLease) => Promise<unknown>) =>
    (await leaseOf(caller)).run(change);
  const recent = () => changing(async (held) => held.recent);

  it('are empty at first', async () => {
    expect(await recent()).toEqual([]);
  });

  it('are remembered for five minutes per device', async () => {
    const now = vi.spyOn(clock, 'now').mockReturnValue(1_700_000_000_000);
    await changing((held) => held.record('phone', true));
    now.mockReturnValue(1_700_000_200_000);
    await changing((held) => held.record('tablet', false));

    now.mockReturnValue(1_700_000_299_000);
    expect(await recent()).toEqual([
      { serialNumber: 'phone', active: true, at: 1_700_000_000_000 },
      { serialNumber: 'tablet', active: false, at: 1_700_000_200_000 },
    ]);
    now.mockReturnValue(1_700_000_301_000);
    expect(await recent()).toEqual([{ serialNumber: 'tablet', active: false, at: 1_700_000_200_000 }]);
  });

  it('keep the latest change of each device', async () => {
    await changing((held) => held.record('phone', true));
    await changing((held) => held.record('phone', false));

    expect(await recent()).toEqual([expect.objectContaining({ serialNumber: 'phone', active: false })]);
  });

  it('are remembered even if a clock went back a little', async () => {
    const now = vi.spyOn(clock, 'now').mockReturnValue(1_700_000_010_000);
    await changing((held) => held.record('phone', true));
    now.mockReturnValue(1_700_000_000_000);

    expect(await recent()).toHaveLength(1);
  });

  it('are remembered when the holder dies right after noting one', async () => {
    const holder = await holding({ remainingMillis: 3_000 });
    await holder.held.record('phone', true);
    vi.spyOn(clock, 'now').mockReturnValue(Date.now() + 6_000);

    expect(await recent()).toMatchObject([{ serialNumber: 'phone' }]);
  });

  it('are restored when a note is withdrawn', async () => {
    await changing((held) => held.record('phone', true));
    await changing(async (held) => {
      await held.record('tablet', true);
      await held.record('phone', false);
      await held.forget('phone');
      await held.forget('tablet');
    });

    expect(await recent()).toEqual([expect.objectContaining({ serialNumber: 'phone', active: true })]);
  });
});

describe('without taking the lease', () => {
  /** What another function reads. */
  async function read() {
    await leaseOf(caller);
    const { userRecord } = await import('../../../shared/aws/table/change-lease.ts');
    return userRecord({ caller, signal: new AbortController().signal })();
  }

  it('a user’s record can be read, even while another function holds it', async () => {
    const guard = { recoveryId: 'a'.repeat(26), at: 1 };
    const { held, end, run } = await holding();
    await held.putGuard(guard);
    await held.record('phone', true);

    expect(await read()).toMatchObject({ guard, recent: [{ serialNumber: 'phone', active: true }] });

    await expect((await leaseOf(caller)).run(async () => undefined)).rejects.toEqual(problem('busy'));
    await held.record('tablet', true);
    end();
    await run;
  });

  it('changes that have become old are not among it', async () => {
    await (await leaseOf(caller)).run((held) => held.record('phone', true));
    vi.spyOn(clock, 'now').mockReturnValue(Date.now() + 300_000);

    expect((await read()).recent).toEqual([]);
  });

  it('a user who has never changed anything has nothing on record', async () => {
    expect(await read()).toMatchObject({ guard: undefined, pass: undefined, recent: [] });
  });
});

describe('guard and pass', () => {
  const guard = { recoveryId: 'a'.repeat(26), at: 1_700_000_000_000 };
  const pass = { recoveryId: guard.recoveryId, hash: 'hash', expiresAt: 1_700_003_600_000, wrong: 0 };
  const bound = { ...pass, serialNumber: 'arn:aws:iam::123456789012:mfa/self-service/alice/phone', wrong: 4 };
  const changing = async <T>(change: (held: HeldLease) => Promise<T>) => (await leaseOf(caller)).run(change);
  const kept = () => changing(async (held) => ({ guard: held.guard, pass: held.pass }));

  it('are absent at first', async () => {
    expect(await kept()).toEqual({ guard: undefined, pass: undefined });
  });

  it('are seen by the next lease holder, and immediately by their writer', async () => {
    const seen = await changing(async (held) => {
      await held.putGuard(guard);
      await held.putPass(pass);
      await held.putPass(bound);
      return { guard: held.guard, pass: held.pass };
    });

    expect(seen).toEqual({ guard, pass: bound });
    expect(await kept()).toEqual({ guard, pass: bound });
  });

  it('are lifted together, and recent changes stay', async () => {
    await changing(async (held) => {
      await held.record('phone', true);
      await held.putGuard(guard);
      await held.putPass(pass);
    });

    const seen = await changing(async (held) => {
      await held.liftGuard();
      return { guard: held.guard, pass: held.pass };
    });

    expect(seen).toEqual({ guard: undefined, pass: undefined });
    expect(await kept()).toEqual({ guard: undefined, pass: undefined });
    expect(await changing(async (held) => held.recent)).toHaveLength(1);
  });

  it('keep the guard when the pass is removed', async () => {
    await changing(async (held) => {
      await held.putGuard(guard);
      await held.putPass(pass);
      await held.putPass(undefined);
    });

    expect(await kept()).toEqual({ guard, pass: undefined });
  });

  it('cannot be written by a holder that has lost the lease', async () => {
    const late = await holding({ remainingMillis: 3_000 });
    vi.spyOn(clock, 'now').mockReturnValue(Date.now() + 3_600_000);

    await expect(late.held.liftGuard()).rejects.toEqual(problem('busy'));
    await expect(late.held.putPass(pass)).rejects.toEqual(problem('busy'));
    await expect(late.held.putGuard(guard)).rejects.toEqual(problem('busy'));

    expect(late.held.guard).toBeUndefined();
    expect(await kept()).toEqual({ guard: undefined, pass: undefined });
  });

  it('never expire, even if an earlier version set an expiry', async () => {
    await putItem({ ttl: { N: '1' }, guard: { S: 'not as it should be' } });

    expect((await kept()).guard).toBeDefined();

    expect(await item()).not.toHaveProperty('ttl');
  });

  it('have no pass if it cannot be read', async () => {
    await putItem({ pass: { M: { hash: { S: 'hash' } } } });

    expect((await kept()).pass).toBeUndefined();
  });
});

const table = () =>
  new DynamoDBClient({
    endpoint: dynamo.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
const key = () => ({ pk: { S: `user#${caller.userId}` } });

const putItem = (attributes: Record<string, AttributeValue>) =>
  table().send(new PutItemCommand({ TableName: apiEnv.TABLE_NAME, Item: { ...key(), ...attributes } }));

const item = async () =>
  (await table().send(new GetItemCommand({ TableName: apiEnv.TABLE_NAME, Key: key() }))).Item;
