import { afterEach, describe, expect, it, vi } from 'vitest';
import { Execution } from '../../../../shared/recoveries/execution/execution.ts';
import { runSteps, type Step, steps } from '../../../../shared/recoveries/execution/steps.ts';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import { older, ownerTag, pending, phone, recoveryOf, tablet, token, World } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const scenarios: Readonly<Record<string, Recovery>> = {
  'all devices': recoveryOf([phone, older, token]),
  'a stolen device': recoveryOf([phone], { reason: 'stolen' }),
  'no device, under the guard of an earlier recovery': recoveryOf([]),
  'one device of two': recoveryOf([phone, tablet], { targets: [phone], reason: 'stolen' }),
};

function worldOf(recovery: Recovery): World {
  const world = new World(recovery);
  world.devices.set(pending, { tags: ownerTag() });
  if (recovery.devices.length === 0) world.guard = { recoveryId: 'earlier', at: world.now };
  return world;
}

/** What is called, and what comes of it, when nothing fails. */
async function undisturbed(recovery: Recovery) {
  const world = worldOf(recovery);
  await world.execute();
  const first = [...world.calls];
  await world.goOn();
  const outcome = await world.outcome();
  vi.restoreAllMocks();
  return { calls: first, outcome };
}

const kills = await Promise.all(
  Object.entries(scenarios).map(async ([name, recovery]) => {
    const { calls, outcome } = await undisturbed(recovery);
    return calls.flatMap((call, index) =>
      (['before', 'after'] as const).map((when) => ({ name, recovery, call, index, when, outcome })),
    );
  }),
);

describe('an execution that ends', () => {
  it.each(kills.flat())('$when $call ($index) of $name comes to the same in the end', async (kill) => {
    const world = worldOf(kill.recovery);
    world.failure = { call: kill.index + 1, when: kill.when, goesOn: true };

    await world.execute();
    expect(world.calls).toContain(kill.call);
    await world.goOn();

    expect(await world.outcome()).toEqual(kill.outcome);
  });

  it.each(steps.map(({ name }, index) => ({ name, index })))(
    'after the step “$name” runs it again, and all others',
    async ({ index }) => {
      const recovery = recoveryOf([phone, tablet], {
        reason: 'stolen',
        targets: [phone],
        revokeAfter: '2026-11-24T11:59:00.000Z',
      });
      const { outcome } = await undisturbed(recovery);
      const world = worldOf(recovery);
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
      const run = (all: readonly Step[]) =>
        world.ports.leaseOf('', 25_000, new AbortController().signal).run(async (lease) => {
          const current = (await world.store.get(recovery.id)) ?? recovery;
          return runSteps(
            new Execution(current, {
              ...world.ports,
              lease,
              directory: world.ports.directoryOf(recovery, new AbortController().signal),
            }),
            all,
          );
        });

      await expect(run(killed)).rejects.toThrow('killed');
      expect(ran).toEqual(steps.slice(0, index + 1).map(({ name }) => name));
      ran.length = 0;
      if (index < steps.length - 1) expect(await run(noted)).toBe('executed');

      expect(ran).toEqual(index < steps.length - 1 ? steps.map(({ name }) => name) : []);
      expect(await world.outcome()).toEqual(outcome);
    },
  );
});

const tableCalls = kills.flat().filter(({ call, when }) => when === 'before' && /^(store|lease)/.test(call));

describe('without the table', () => {
  it.each(tableCalls)('from $call ($index) of $name on, nothing is taken that is not noted', async (kill) => {
    const world = worldOf(kill.recovery);
    world.failure = { call: kill.index + 1, goesOn: true, of: /^(store|lease)/ };

    const { end } = await world.execute();

    const since = world.calls.slice(kill.index);
    expect(since).not.toContain('iam.deactivate');
    expect(world.unprotected).toEqual([]);
    expect(end).toBe(
      kill.call === 'lease.release' ? (kill.outcome.isRevoked ? 'waiting' : 'executed') : 'error',
    );
    await world.goOn();
    expect(await world.outcome()).toEqual(kill.outcome);
  });

  it('the failure is told, and that it could not be put off', async () => {
    const world = worldOf(recoveryOf([phone]));
    world.failure = { call: 'store.get', goesOn: true, of: /^store/ };

    await world.execute();

    expect(world.told).toEqual([expect.objectContaining({ end: 'error', error: expect.any(Error) })]);
    expect(world.notPostponed).toHaveLength(1);
  });
});
