import { afterEach, describe, expect, it, vi } from 'vitest';
import { Execution } from '../../../../shared/recoveries/execution/execution.ts';
import { runSteps, type Step, steps } from '../../../../shared/recoveries/execution/steps.ts';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import { older, ownerTag, pending, phone, recoveryOf, tablet, token, World } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

interface Scenario {
  readonly recovery: Recovery;
  readonly prepare?: (world: World) => void;
  /** Another recovery of the same user. */
  readonly other?: Recovery;
}

const waiting = recoveryOf([phone], { id: 'waiting', reason: 'broken' });

const scenarios: Readonly<Record<string, Scenario>> = {
  'all devices': { recovery: recoveryOf([phone, older, token]) },
  'a stolen device': { recovery: recoveryOf([phone], { reason: 'stolen' }) },
  'no device, under the guard of an earlier recovery': { recovery: recoveryOf([]), prepare: guarded },
  'no device, for an earlier recovery that could not revoke': {
    recovery: recoveryOf([]),
    prepare: (world) => guarded(world, true),
  },
  'one device of two': { recovery: recoveryOf([phone, tablet], { targets: [phone], reason: 'stolen' }) },
  'a stolen device and one added since': {
    recovery: recoveryOf([phone], { reason: 'stolen' }),
    prepare: (world) => world.enable(tablet),
  },
  'a stolen device, while another recovery waits': {
    recovery: recoveryOf([phone], { reason: 'stolen' }),
    other: waiting,
  },
  'one device of two, while another recovery waits': {
    recovery: recoveryOf([phone, tablet], { targets: [phone], reason: 'stolen' }),
    other: { ...waiting, targets: [phone] },
  },
  'a device for which IAM has no slot left': {
    recovery: recoveryOf([phone], { reason: 'stolen' }),
    prepare: ({ room }) => {
      room.attached = false;
    },
  },
  'a stolen device whose sessions cannot be revoked, while another recovery waits': {
    recovery: recoveryOf([phone], { reason: 'stolen' }),
    prepare: ({ room }) => {
      room.inline = false;
    },
    other: waiting,
  },
};

function guarded(world: World, mustRevoke = false): void {
  world.guard = { recoveryId: 'earlier', at: world.now, mustRevoke };
  world.hasHold = true;
}

function worldOf({ recovery, prepare, other }: Scenario): World {
  const world = new World(recovery, ...(other ? [other] : []));
  world.devices.set(pending, { tags: ownerTag() });
  world.recoveryUnderWay = recovery.id;
  prepare?.(world);
  return world;
}

/** Executes a recovery, and goes on with it after the wait. */
async function run(world: World): Promise<void> {
  await world.execute();
  world.now += 61_000;
  await world.execute();
}

/** What is called, and what comes of it, when nothing fails. */
async function undisturbed(scenario: Scenario) {
  const world = worldOf(scenario);
  await run(world);
  const calls = [...world.calls];
  await world.goOn();
  const outcome = await world.outcome();
  vi.restoreAllMocks();
  return { calls, outcome };
}

async function killsOf([name, scenario]: readonly [string, Scenario]) {
  const { calls, outcome } = await undisturbed(scenario);
  const ofFirstRun = calls.indexOf('lease.release') + 1;
  return calls.flatMap((call, index) =>
    (['before', 'after'] as const).flatMap((when) =>
      [true, false].map((dies) => {
        return { name, scenario, call, index, when, dies, outcome, isFirstRun: index < ofFirstRun };
      }),
    ),
  );
}

// One after the other: each world sets the clock.
const kills: Awaited<ReturnType<typeof killsOf>> = [];
for (const scenario of Object.entries(scenarios)) kills.push(...(await killsOf(scenario)));

describe('an execution that ends', () => {
  it.each(kills)(
    '$when $call ($index) of $name comes to the same in the end (killed: $dies)',
    async ({ scenario, call, index, when, dies, outcome }) => {
      const world = worldOf(scenario);
      world.failure = { call: index + 1, when, goesOn: dies };

      await run(world);
      expect(world.calls).toContain(call);
      expect(await world.isHeldOrWhole()).toBe(true);
      await world.goOn();

      expect(await world.outcome()).toEqual(outcome);
    },
  );

  it.each(Object.entries(scenarios))('nowhere, of %s, leaves the user held or whole', async (_, scenario) => {
    const { outcome } = await undisturbed(scenario);

    expect(outcome).toMatchObject({ broken: [], unprotected: [], isLeased: false });
    expect(outcome.hasHold).toBe(outcome.isGuarded !== undefined);
    if (!outcome.hasHold) expect(outcome.devices.some((device) => device.includes('AIDA'))).toBe(true);
  });

  it.each(steps.map(({ name }, index) => ({ name, index })))(
    'after the step “$name” runs it again, and all others',
    async ({ index }) => {
      const recovery = recoveryOf([phone, tablet], { targets: [phone] });
      const { outcome } = await undisturbed({ recovery });
      const world = worldOf({ recovery });
      const ran: string[] = [];
      const noted = steps.map(
        (step): Step => ({
          ...step,
          run: (execution) => step.run(execution).finally(() => ran.push(step.name)),
        }),
      );
      const killed = noted.map(
        (step, at): Step =>
          at === index
            ? {
                ...step,
                run: (execution) => step.run(execution).then(() => Promise.reject(new Error('killed'))),
              }
            : step,
      );
      const runAll = (all: readonly Step[]) =>
        world.ports.leaseOf('', 25_000, new AbortController().signal).run(async (lease) => {
          const current = (await world.store.get(recovery.id)) ?? recovery;
          return runSteps(
            new Execution(current, {
              ...world.ports,
              lease,
              onProgress: () => undefined,
              directory: world.ports.directoryOf(recovery, new AbortController().signal),
            }),
            all,
          );
        });

      await expect(runAll(killed)).rejects.toThrow('killed');
      expect(ran).toEqual(steps.slice(0, index + 1).map(({ name }) => name));
      ran.length = 0;
      if (index < steps.length - 1) expect(await runAll(noted)).toBe('executed');

      expect(ran).toEqual(index < steps.length - 1 ? steps.map(({ name }) => name) : []);
      expect(await world.outcome()).toEqual(outcome);
    },
  );
});

const tableCalls = kills.filter(
  ({ call, when, dies, isFirstRun }) =>
    isFirstRun && dies && when === 'before' && /^(store|lease)/.test(call),
);

describe('without the table', () => {
  it.each(tableCalls)('from $call ($index) of $name on, nothing is taken that is not noted', async (kill) => {
    const world = worldOf(kill.scenario);
    world.failure = { call: kill.index + 1, goesOn: true, of: /^(store|lease)/ };

    const { end } = await world.execute();

    const since = world.calls.slice(kill.index);
    expect(since).not.toContain('iam.deactivate');
    expect(world.unprotected).toEqual([]);
    if (kill.call !== 'lease.release') expect(end).toBe('error');
    await world.goOn();
    expect(await world.outcome()).toEqual(kill.outcome);
  });

  it('the failure is told, and that it could not be put off', async () => {
    const world = worldOf({ recovery: recoveryOf([phone]) });
    world.failure = { call: 'store.get', goesOn: true, of: /^store/ };

    await world.execute();

    expect(world.told).toEqual([expect.objectContaining({ end: 'error', error: expect.any(Error) })]);
    expect(world.notPostponed).toHaveLength(1);
  });
});
