import { isProblem } from '../../contract/problem.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import { deleteOwned } from './delete-owned.ts';
import type { OwnedDevice } from './ports.ts';
import { fromAnywhere, isProductPath, ownerIfExpired, pathOf } from './product-device.ts';
import type { Sweep } from './sweep.ts';

/** Devices whose tags are read before those that expired are deleted. */
const perRound = 100;
/** How often owners whose lease was taken get another turn, after all others. */
const mostRetries = 5;

/**
 * Deletes devices that expired before they were enabled. Rounds begin at a random user and go on with the next ones;
 * whoever has more than a round's share of devices comes again after all others.
 */
export async function deleteExpired(sweep: Sweep): Promise<void> {
  const byUser = Map.groupBy(await listPending(sweep), pathOf);
  const queue = [...fromAnywhere([...byUser.values()])];
  let unfinished: readonly OwnedDevice[] = [];
  while (queue.length > 0 && sweep.goesOn) {
    const expired = await readExpired(takeRound(queue), sweep);
    unfinished = [...unfinished, ...(await deleteByOwner(expired, sweep))];
  }
  for (let retry = 0; retry < mostRetries && unfinished.length > 0 && sweep.goesOn; retry += 1) {
    await sweep.context.pause();
    unfinished = await deleteByOwner(unfinished, sweep);
  }
}

async function listPending({ context, run }: Sweep): Promise<readonly string[]> {
  const pending: string[] = [];
  for await (const page of context.directory.unassigned()) pending.push(...page.filter(isProductPath));
  run.pending = pending.length;
  run.left = pending.length;
  return pending;
}

/** Takes the next users' devices off the queue, and puts back what exceeds the round. */
function takeRound(queue: string[][]): readonly string[] {
  const round: string[] = [];
  while (round.length < perRound) {
    const next = queue.shift();
    if (next === undefined) break;
    round.push(...next.slice(0, perRound));
    if (next.length > perRound) queue.push(next.slice(perRound));
  }
  return round;
}

async function readExpired(serialNumbers: readonly string[], sweep: Sweep): Promise<readonly OwnedDevice[]> {
  const read = await mapConcurrently(serialNumbers, sweep.concurrency, (serialNumber) =>
    readOne(serialNumber, sweep),
  );
  return read.flat();
}

async function readOne(serialNumber: string, sweep: Sweep): Promise<readonly OwnedDevice[]> {
  if (!sweep.goesOn) return [];
  try {
    const ownerId = ownerIfExpired(await sweep.calls().listTags(serialNumber));
    if (ownerId !== undefined) return [{ serialNumber, ownerId }];
  } catch (error) {
    // Gone, or being changed by its owner: if it is still expired, a later run deletes it.
    const isFine = isProblem(error, 'device-not-found', 'busy');
    if (!isFine && !sweep.failed({ serialNumber }, error)) return [];
  }
  sweep.settled();
  return [];
}

/** Returns the devices of owners who have to come again. */
async function deleteByOwner(expired: readonly OwnedDevice[], sweep: Sweep): Promise<readonly OwnedDevice[]> {
  const byOwner = Map.groupBy(expired, ({ ownerId }) => ownerId);
  const unfinished = await mapConcurrently([...byOwner], sweep.concurrency, ([ownerId, devices]) =>
    deleteOwned(ownerId, devices, sweep),
  );
  return unfinished.flat();
}
