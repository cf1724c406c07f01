import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deployIam } from '../../../local-aws/cloudformation/iam.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import type { Operation } from '../../../shared/contract/operation.ts';
import { createMfaDevice } from '../../../shared/contract/operations/create-mfa-device.ts';
import { deactivateMfaDevice } from '../../../shared/contract/operations/deactivate-mfa-device.ts';
import { enableMfaDevice } from '../../../shared/contract/operations/enable-mfa-device.ts';
import { listMfaDevices } from '../../../shared/contract/operations/list-mfa-devices.ts';
import type { MfaDirectory } from '../../../shared/devices/ports.ts';
import { deployed } from '../../support/deployed.ts';
import { type LocalAws, startLocalAws } from '../local-aws/fixture.ts';
import { becomeFunction, callerNamed as seededCaller } from './cold-function.ts';

const accountArn = 'arn:aws:iam::123456789012';
const bobsPhone = `${accountArn}:mfa/self-service/bob/phone`;

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws();
  deployIam(aws.account, deployed.resolved);
});
afterAll(() => aws.close());
beforeEach(() => {
  aws.account.trail.clear();
});
afterEach(() => {
  aws.faults.clear();
  vi.unstubAllEnvs();
});

/** A cold function of an operation, with its own cache of callers. */
async function functionOf(operation: Operation) {
  await becomeFunction(operation.name, aws);
  const { mfaDirectory } = await import('../../../shared/aws/iam/mfa-directory.ts');
  return (caller: Caller, serialNumber?: string, signal = new AbortController().signal): MfaDirectory =>
    mfaDirectory({ operation, caller, signal }, ...(serialNumber === undefined ? [] : [serialNumber]));
}

const callerNamed = (userName: string): Caller => seededCaller(userName, aws);

/** A deadline signal as the endpoint creates it. */
function abortedAfter(millis: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), millis);
  return controller.signal;
}

const callsOf = (operation: string) =>
  aws.account.trail.events().filter((event) => event.operation === operation);

describe('credentials for a caller', () => {
  it('are fetched once for simultaneous requests, and again shortly before they expire', async () => {
    const directory = await functionOf(listMfaDevices);
    const bob = callerNamed('bob');

    const lists = await Promise.all(Array.from({ length: 50 }, () => directory(bob).listActive()));
    expect(lists.every(([device]) => device?.serialNumber === bobsPhone)).toBe(true);
    expect(callsOf('AssumeRole')).toHaveLength(1);

    aws.clock.advance(800);
    await directory(bob).listActive();
    expect(callsOf('AssumeRole')).toHaveLength(1);

    aws.clock.advance(60);
    await Promise.all(Array.from({ length: 50 }, () => directory(bob).listActive()));
    expect(callsOf('AssumeRole')).toHaveLength(2);
  });

  it('are each caller’s own and name them in the trail', async () => {
    const directory = await functionOf(listMfaDevices);

    await directory(callerNamed('bob')).listActive();
    await directory(callerNamed('carol')).listActive();

    expect(callsOf('AssumeRole')).toHaveLength(2);
    expect(callsOf('ListMFADevices').map(({ sourceIdentity }) => sourceIdentity)).toEqual(['bob', 'carol']);
  });

  it('are renewed once when AWS calls them expired', async () => {
    const directory = await functionOf(listMfaDevices);
    aws.faults.put({ operation: 'ListMFADevices', error: 'ExpiredToken', times: 1 });

    await expect(directory(callerNamed('bob')).listActive()).resolves.toHaveLength(1);

    expect(callsOf('AssumeRole')).toHaveLength(2);
  });

  it('are not renewed endlessly', async () => {
    const directory = await functionOf(listMfaDevices);
    aws.faults.put({ operation: 'ListMFADevices', error: 'ExpiredToken', times: 10 });

    await expect(directory(callerNamed('bob')).listActive()).rejects.toMatchObject({
      code: 'upstream-failed',
    });

    expect(callsOf('AssumeRole')).toHaveLength(2);
  });

  it('are requested again after a failure', async () => {
    const directory = await functionOf(listMfaDevices);
    aws.faults.put({ operation: 'AssumeRole', error: 'AccessDenied', times: 1 });

    await expect(directory(callerNamed('bob')).listActive()).rejects.toMatchObject({
      code: 'upstream-failed',
    });

    await expect(directory(callerNamed('bob')).listActive()).resolves.toHaveLength(1);
  });

  it('are not awaited beyond a request’s deadline, while other requests go on waiting', async () => {
    const directory = await functionOf(listMfaDevices);
    aws.faults.put({ operation: 'AssumeRole', delayMs: 300, times: 1 });
    const order: string[] = [];
    const list = (name: string, signal?: AbortSignal) =>
      directory(callerNamed('bob'), undefined, signal)
        .listActive()
        .finally(() => order.push(name));

    const [impatient, patient] = await Promise.allSettled([
      list('impatient', abortedAfter(20)).catch((error: unknown) => {
        expect(callsOf('AssumeRole')).toHaveLength(0);
        throw error;
      }),
      list('patient'),
    ]);

    expect(impatient).toMatchObject({ status: 'rejected', reason: { code: 'timeout' } });
    expect(patient).toMatchObject({ status: 'fulfilled' });
    expect(order).toEqual(['impatient', 'patient']);
  });

  it('cannot touch another user', async () => {
    const create = (await functionOf(createMfaDevice))(callerNamed('alice'));
    await expect(create.remove(bobsPhone)).rejects.toMatchObject({ code: 'upstream-failed' });
    await expect(create.create('/self-service/bob/', 'x', {})).rejects.toMatchObject({
      code: 'upstream-failed',
    });

    const enable = (await functionOf(enableMfaDevice))({ ...callerNamed('alice'), userName: 'bob' });
    await expect(enable.listActive()).rejects.toMatchObject({ code: 'upstream-failed' });

    const denied = aws.account.trail.events().filter(({ errorCode }) => errorCode === 'AccessDenied');
    expect(denied.map(({ operation }) => operation)).toEqual([
      'DeleteVirtualMFADevice',
      'CreateVirtualMFADevice',
      'ListMFADevices',
    ]);
  });

  it('work for the shortest and the longest names', async () => {
    for (const userName of ['x', 'y'.repeat(64)]) {
      aws.account.users.create({ userName, path: '/', tags: [], now: aws.clock.now() });
      const directory = await functionOf(listMfaDevices);
      await expect(directory(callerNamed(userName)).listActive()).resolves.toEqual([]);
    }

    expect(callsOf('ListMFADevices').map(({ sourceIdentity }) => sourceIdentity)).toEqual([
      'x=',
      'y'.repeat(64),
    ]);
  });
});

describe('calls that carry codes', () => {
  const enable = async () =>
    (await functionOf(enableMfaDevice))(callerNamed('alice')).enable(bobsPhone, {
      code1: '123456',
      code2: '234567',
    });

  it.each(['ServiceFailure', 'connection-reset', 'malformed', 'ServiceUnavailable'])(
    'are not retried after %s',
    async (error) => {
      aws.faults.put({ operation: 'EnableMFADevice', error, times: 1 });

      await expect(enable()).rejects.toMatchObject({
        code: expect.stringMatching(/upstream-failed|timeout/),
      });

      expect(aws.faults.take('EnableMFADevice')).toBeUndefined();
      expect(callsOf('EnableMFADevice').length).toBeLessThanOrEqual(1);
    },
  );

  it('are retried when AWS was too busy to check them', async () => {
    aws.faults.put({ operation: 'EnableMFADevice', error: 'Throttling', times: 2 });

    await expect(enable()).rejects.toMatchObject({ code: 'device-in-use' });

    expect(callsOf('EnableMFADevice')).toHaveLength(3);
  });
});

describe('a deactivation', () => {
  const deactivate = async () =>
    (await functionOf(deactivateMfaDevice))(callerNamed('bob'), bobsPhone).deactivate(bobsPhone);

  it.each(['ServiceFailure', 'connection-reset'])(
    'is not repeated after %s, so that a refusal means that nothing was changed',
    async (error) => {
      aws.faults.put({ operation: 'DeactivateMFADevice', error, times: 1 });

      await expect(deactivate()).rejects.toMatchObject({ code: 'upstream-failed' });

      expect(aws.faults.take('DeactivateMFADevice')).toBeUndefined();
      expect(aws.account.devices.get(bobsPhone).owner).toBeDefined();
    },
  );
});

describe('calls without codes', () => {
  it.each(['ServiceFailure', 'Throttling', 'connection-reset'])('are retried after %s', async (error) => {
    const directory = await functionOf(listMfaDevices);
    aws.faults.put({ operation: 'ListMFADevices', error, times: 2 });

    await expect(directory(callerNamed('bob')).listActive()).resolves.toHaveLength(1);
  });

  it('end at the request’s deadline', async () => {
    const directory = await functionOf(listMfaDevices);
    aws.faults.put({ operation: 'ListMFADevices', delayMs: 2_000, times: 1 });
    const signal = abortedAfter(300);

    await expect(directory(callerNamed('bob'), undefined, signal).listActive()).rejects.toMatchObject({
      code: 'timeout',
    });
  });
});

describe('the unassigned devices', () => {
  it('are found across pages', async () => {
    for (let number = 0; number < 1_100; number += 1) {
      aws.account.devices.createVirtual(`${accountArn}:mfa/many/device${number}`, []);
    }
    const directory = await functionOf(listMfaDevices);

    const found = await directory(callerNamed('bob')).listUnassigned(`${accountArn}:mfa/many/`);

    expect(found).toHaveLength(1_100);
    expect(callsOf('ListVirtualMFADevices').length).toBeGreaterThanOrEqual(2);
  });
});
