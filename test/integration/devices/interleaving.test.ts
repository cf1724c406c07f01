import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { assumedRoleArn } from '../../../infra/policies/assumed-roles.ts';
import { deployment } from '../../../local-aws/deployment.ts';
import type { ExpiryContext, MaintenanceDirectory } from '../../../shared/devices/expiry/ports.ts';
import type { runExpiry } from '../../../shared/devices/expiry/run.ts';
import { freshFunction } from '../../support/fresh-function.ts';
import { startTestStack, type TestStack, userSession } from '../../support/stack.ts';
import { consecutiveTotps } from '../../support/totp.ts';

// Runs the function's parts against the local AWS, so that a user can act between any two steps.

let stack: TestStack;
let sweep: typeof runExpiry;
let context: ExpiryContext;
let deleted: string[];
let kept: string[];

beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

/** Starts the function, whose credentials last 15 minutes of the local clock. */
async function startFunction() {
  deleted = [];
  kept = [];
  await freshFunction(stack.environmentOf('delete-expired-devices'), stack.clock.now);
  const { maintenanceDirectory } = await import('../../../shared/aws/iam/maintenance-directory.ts');
  const { changeLease } = await import('../../../shared/aws/table/change-lease.ts');
  sweep = (await import('../../../shared/devices/expiry/run.ts')).runExpiry;
  context = {
    directory: await maintenanceDirectory(
      assumedRoleArn(deployment, 'maintenance'),
      new AbortController().signal,
    ),
    leaseOf: (userId, remainingMillis, signal) =>
      changeLease({ caller: { userId }, signal, remainingMillis }),
    millisLeft: () => 60_000,
    pause: async () => undefined,
    onDeleted: ({ serialNumber }) => deleted.push(serialNumber),
    onKept: ({ serialNumber }) => kept.push(serialNumber),
    onFailure: (_, error) => {
      throw error;
    },
  };
}
afterEach(async () => {
  vi.unstubAllEnvs();
  await stack.reset();
});

/** Runs, calling `meanwhile` after the n-th read of the tags of alice's device. */
async function sweepWith(look: number, meanwhile: () => Promise<unknown>) {
  let looks = 0;
  const directory: MaintenanceDirectory = {
    ...context.directory,
    until: (signal) => {
      const devices = context.directory.until(signal);
      return {
        ...devices,
        listTags: async (serialNumber) => {
          const tags = await devices.listTags(serialNumber);
          if (!serialNumber.endsWith('/alice/phone')) return tags;
          looks += 1;
          if (looks === look) await meanwhile();
          return tags;
        },
      };
    },
  };
  return sweep({ ...context, directory });
}

const alice = () => userSession(stack, 'alice', { mfaAt: stack.clock.now() });
const create = () => stack.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });

/** An expired enrolment. */
async function expired(): Promise<{ serialNumber: string; base32Seed: string }> {
  const answer = await create();
  stack.clock.advance(7200);
  await startFunction();
  return answer.json();
}

/** Enables a device at IAM itself, which leaves its expiry. */
function enableAtIam(serialNumber: string) {
  const { devices, users } = stack.account;
  const now = stack.clock.now();
  const { code1, code2 } = consecutiveTotps(devices.get(serialNumber).seed ?? '', now);
  devices.enable(users.get('alice'), serialNumber, [code1, code2], now);
}

const seedOf = (serialNumber: string) => stack.account.devices.find(serialNumber)?.seed;

describe('an expired device', () => {
  it('is deleted if nothing interferes', async () => {
    const { serialNumber } = await expired();
    expect(await sweep(context)).toEqual({ pending: 1, deleted: 1, kept: 0, failed: 0, left: 0 });
    expect(deleted).toEqual([serialNumber]);
    expect(seedOf(serialNumber)).toBeUndefined();
  });

  it('survives with its new seed if its owner recreates it after the first look', async () => {
    const { serialNumber } = await expired();
    let seed = '';
    const run = await sweepWith(1, async () => {
      seed = (await create()).json().base32Seed;
    });
    expect(run).toMatchObject({ deleted: 0, failed: 0 });
    expect(seed).toMatch(/^[A-Z2-7]{32,}$/);
    expect(seedOf(serialNumber)).toBe(seed);
  });

  it('cannot be recreated between the last look and its deletion', async () => {
    const { serialNumber } = await expired();
    let answer: unknown;
    const run = await sweepWith(2, async () => {
      answer = (await create()).json();
    });
    expect(answer).toMatchObject({ code: 'busy' });
    expect(run).toMatchObject({ deleted: 1 });
    expect(seedOf(serialNumber)).toBeUndefined();
    expect((await create()).status).toBe(201);
  });

  it('stays active if its owner enables it after the first look', async () => {
    const { serialNumber, base32Seed } = await expired();
    const codes = consecutiveTotps(base32Seed, stack.clock.now());
    const run = await sweepWith(1, async () => {
      const answer = await stack.fetch('alice', 'PUT', '/v1/me/first-mfa-device/phone/activation', codes);
      expect(answer.status).toBe(200);
    });
    expect(run).toMatchObject({ deleted: 0, failed: 0 });
    expect(stack.account.devices.get(serialNumber).owner).toBeDefined();
  });

  it('stays active if it is enabled outside the API just before its deletion', async () => {
    const { serialNumber } = await expired();
    const run = await sweepWith(2, async () => {
      enableAtIam(serialNumber);
    });
    expect(run).toMatchObject({ deleted: 0, failed: 0 });
    expect(stack.account.devices.get(serialNumber).owner).toBeDefined();
  });

  it('that is already gone is no failure', async () => {
    await expired();
    const run = await sweepWith(1, async () => {
      expect((await stack.fetch(alice(), 'DELETE', '/v1/mfa-devices/phone')).status).toBe(204);
    });
    expect(run).toEqual({ pending: 1, deleted: 0, kept: 0, failed: 0, left: 0 });
  });
});

describe('an active device with an expiry', () => {
  const expiryOf = (serialNumber: string) =>
    stack.account.devices.get(serialNumber).tags.find(({ Key }) => Key === 'mfa-self-service:expires-at');

  it('loses it', async () => {
    const { serialNumber } = await expired();
    enableAtIam(serialNumber);
    expect(await sweep(context)).toMatchObject({ deleted: 0, kept: 1 });
    expect(kept).toEqual([serialNumber]);
    expect(expiryOf(serialNumber)).toBeUndefined();
  });

  it('keeps it if its owner deletes and recreates the device after the list', async () => {
    const { serialNumber } = await expired();
    enableAtIam(serialNumber);
    stack.account.devices.establish(
      stack.account.devices.createVirtual(`${serialNumber}-2`, []),
      stack.account.users.get('alice'),
      stack.clock.now(),
    );
    const run = await sweepWith(1, async () => {
      const deletion = await stack.fetch(alice(), 'DELETE', '/v1/mfa-devices/phone');
      expect(deletion.status, deletion.text).toBe(204);
      const answer = await stack.fetch(alice(), 'POST', '/v1/mfa-devices', { name: 'phone' });
      expect(answer.status).toBe(201);
    });
    expect(run).toMatchObject({ kept: 0, failed: 0 });
    expect(expiryOf(serialNumber)).toBeDefined();
  });
});
