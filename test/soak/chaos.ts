import type { SoakFault } from './control.ts';
import { checkSurvived } from './invariants.ts';
import { followJournal } from './journal.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

interface Upstream {
  readonly operations: readonly string[];
  readonly errors: readonly string[];
}

/** Every call that the product makes, and what can come of it besides an answer. */
const upstream: readonly Upstream[] = [
  {
    operations: [
      ...['CreateVirtualMFADevice', 'EnableMFADevice', 'DeactivateMFADevice', 'DeleteVirtualMFADevice'],
      ...['ResyncMFADevice', 'TagMFADevice', 'UntagMFADevice'],
      ...['AttachUserPolicy', 'DetachUserPolicy', 'PutUserPolicy', 'DeleteUserPolicy'],
    ],
    errors: ['Throttling', 'ServiceFailure', 'ConcurrentModification', 'EntityTemporarilyUnmodifiable'],
  },
  {
    // A 200 that cannot be read would pass for success where the answer is empty: reading calls only.
    operations: ['ListMFADevices', 'ListVirtualMFADevices', 'ListMFADeviceTags', 'GetUser'],
    errors: ['Throttling', 'ServiceFailure', 'malformed'],
  },
  { operations: ['AssumeRole', 'GetSessionToken'], errors: ['Throttling', 'InternalFailure'] },
  {
    operations: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
    errors: ['InternalServerError', 'ProvisionedThroughputExceededException', 'ThrottlingException'],
  },
  {
    operations: ['Invoke', 'SendEmail'],
    errors: ['TooManyRequestsException', 'InternalFailure'],
  },
  { operations: ['PutEvents', 'GetSecretValue'], errors: ['ThrottlingException', 'InternalFailure'] },
];

export const upstreamOperations: readonly string[] = upstream.flatMap(({ operations }) => operations);

/** A fault: half of the time the answer is lost after the effect. */
export function anyFault(random: Random): SoakFault {
  const { operations, errors } = random.pick(upstream);
  const error = random.chance(0.5) ? 'lost-answer' : random.pick([...errors, 'connection-reset']);
  // Clients wait four seconds. A call whose answer is lost must not have its effect after its client has given up:
  // no lease could fence that, and AWS does not do it either.
  const most = error === 'lost-answer' ? 1_500 : 5_000;
  const delay = random.chance(0.15) ? { delayMs: random.between(50, most) } : {};
  return { operation: random.pick(operations), error, ...delay, times: random.between(1, 4) };
}

/** Puts a fault in place. */
export async function trouble(world: World, random: Random): Promise<void> {
  const fault = anyFault(random);
  world.isTroubled = true;
  world.report.count(fault.error === 'lost-answer' ? 'faults: lost answers' : 'faults: others');
  await unlessKilled(world, () => world.control.fault(fault));
}

/** Makes IAM's lists show the past, or the present again. */
export async function lag(world: World, random: Random): Promise<void> {
  const lagMs = random.chance(0.4) ? 0 : random.between(1_000, 15_000);
  world.report.count('changes of the lag of lists');
  await unlessKilled(world, () => world.control.listLag(lagMs));
}

/** Does what a schedule does, beside everything else. */
export async function schedule(world: World, random: Random): Promise<void> {
  const name = random.pick(['execute-recoveries', 'execute-recoveries', 'delete-expired-devices'] as const);
  await unlessKilled(world, () => world.control.run(name));
}

/** Moves the clock while nothing is under way: a lease that ends in the middle of its work fences nothing at IAM. */
export const tick = ({ control, turnstile, report, stack }: World, seconds: number): Promise<void> =>
  turnstile.alone(async (emptied) => {
    await emptied;
    if (stack.isDown) return;
    await control.settle();
    await control.advance(seconds);
    report.count('clock jumps');
  });

/** Kills the stack right after the next answer that a device was changed, when a write may still be under way. */
export async function crashAfterAnswer(world: World, isOver: Promise<unknown>): Promise<void> {
  const answered = new Promise<void>((resolve) => {
    world.answered = () => {
      world.answered = ignore;
      world.isTroubled = true;
      void world.stack.kill();
      resolve();
    };
  });
  await Promise.race([answered, isOver]);
  world.answered = ignore;
  await crash(world);
}

export const ignore = (): void => undefined;

/** kill -9 in the middle of everything, and a new start on the same folder. */
const crash = (world: World): Promise<void> =>
  world.turnstile.alone(async (emptied) => {
    world.isTroubled = true;
    await world.stack.kill();
    world.report.count('kills');
    await emptied;
    followJournal(world);
    await world.stack.start();
    await world.control.advance(0);
    const state = await world.control.state();
    checkSurvived(world, state);
    // What was under way may have had its effect without being in the journal.
    world.model.reset(state);
    world.cutOff.clear();
  });

async function unlessKilled({ turnstile, stack }: World, work: () => Promise<unknown>): Promise<void> {
  await turnstile.pass(async () => {
    const { kills, isDown } = stack;
    await work().catch((error: unknown) => {
      if (!isDown && stack.kills === kills) throw error;
    });
  });
}
