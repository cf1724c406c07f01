import { isProblem } from '../../contract/problem.ts';
import { clock } from '../../lib/clock.ts';
import { mapConcurrently } from '../../lib/map-concurrently.ts';
import type { ActiveDevice } from '../ports.ts';
import { productTags } from '../tags.ts';
import { fromAnywhere, isProductPath, ownerIn } from './product-device.ts';
import type { Sweep } from './sweep.ts';

/** An expiry is left over from the moment of enabling, so newly enabled devices are the ones to look at. */
const newMillis = 172_800_000;
/** Tags read per run: reading those of every active device would be thousands of calls an hour. */
const mostNew = 200;
const mostOthers = 50;

/**
 * Takes the expiry off active devices. It is still there if the call that takes it off failed, or if the device was
 * enabled at IAM itself. A device with it would be deleted as expired if someone deactivated it at IAM.
 */
export async function keepActive(sweep: Sweep): Promise<void> {
  const active = await listActive(sweep);
  const since = clock.now() - newMillis;
  const isNew = ({ enabledAt }: ActiveDevice) => enabledAt.getTime() > since;
  const chosen = [
    ...fromAnywhere(active.filter(isNew)).slice(0, mostNew),
    ...fromAnywhere(active.filter((device) => !isNew(device))).slice(0, mostOthers),
  ];
  await mapConcurrently(chosen, sweep.concurrency, ({ serialNumber }) => treat(serialNumber, sweep));
}

async function listActive({ context }: Sweep): Promise<readonly ActiveDevice[]> {
  const active: ActiveDevice[] = [];
  for await (const page of context.directory.assigned())
    active.push(...page.filter(({ serialNumber }) => isProductPath(serialNumber)));
  return active;
}

async function treat(serialNumber: string, sweep: Sweep): Promise<void> {
  if (!sweep.goesOn) return;
  try {
    await keep(serialNumber, sweep);
  } catch (error) {
    // Gone, or being changed by its owner: if it is still active, a later run takes its expiry off.
    if (!isProblem(error, 'device-not-found', 'busy')) sweep.failed({ serialNumber }, error);
  }
}

/**
 * Under the owner's lease, whose memory tells whether the device was deactivated through the API since it was listed:
 * then it may be another one by now, which has to expire. One deactivated at IAM itself was active all the same.
 */
async function keep(serialNumber: string, { context, run, leaseMillis }: Sweep): Promise<void> {
  const signal = AbortSignal.timeout(leaseMillis);
  const directory = context.directory.until(signal);
  const tags = await directory.listTags(serialNumber);
  const ownerId = ownerIn(tags);
  if (ownerId === undefined || tags[productTags.expiresAt] === undefined) return;
  await context.leaseOf(ownerId, leaseMillis, signal).run(async (lease) => {
    if (lease.recent.some((change) => change.serialNumber === serialNumber && !change.active)) return;
    await directory.untag(serialNumber, [productTags.expiresAt]);
    run.kept += 1;
    context.onKept({ serialNumber, ownerId });
  });
}
