import { isProblem } from '../contract/problem.ts';
import type { ChangeLease } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import type { Tags, UserDevices } from './ports.ts';
import { productTags } from './tags.ts';

/** All virtual devices of the account. */
export interface MaintenanceDirectory {
  /** Pages of serial numbers of devices that are enabled for no one. */
  unassigned(): AsyncIterable<readonly string[]>;
  /**
   * Calls that the signal aborts. A deletion is sent only once unless AWS throttled it: sent again, it could hit a
   * device created since.
   */
  until(signal: AbortSignal): Pick<UserDevices, 'listTags' | 'remove'>;
}

export interface ExpiredDevice {
  readonly serialNumber: string;
  /** UserId of whoever created it. */
  readonly ownerId: string;
}

export interface ExpiryContext {
  readonly directory: MaintenanceDirectory;
  /** The lease of a user, held for at most `leaseMillis`. */
  readonly leaseOf: (userId: string, leaseMillis: number, signal: AbortSignal) => ChangeLease;
  /** Milliseconds of real time until the function times out. */
  readonly millisLeft: () => number;
  readonly onDeleted: (device: ExpiredDevice) => void;
  readonly onFailure: (serialNumber: string, error: unknown) => void;
}

/** What a run did, in devices. */
export interface ExpiryRun {
  /** Below the product's path and not enabled. */
  readonly pending: number;
  readonly deleted: number;
  readonly failed: number;
  /** Not checked, for lack of time or because AWS was throttling. */
  readonly left: number;
}

const concurrency = 4;
/** For one device: to check it, then to check it again and delete it under its owner's lease. */
const deviceMillis = 10_000;
/** Reserved for the device under way and for releasing its lease. */
const reserveMillis = deviceMillis + 2_000;

/**
 * Deletes devices that expired before they were enabled, as far as time allows. It starts at a random one, so that none
 * is starved if a run cannot check them all. Throws only if IAM cannot list them.
 */
export async function deleteExpiredDevices(context: ExpiryContext): Promise<ExpiryRun> {
  const pending = fromAnywhere(await listPending(context.directory));
  const run = { pending: pending.length, deleted: 0, failed: 0, left: pending.length };
  const queue = pending.values();
  let throttled = false;
  const work = async () => {
    while (!throttled && context.millisLeft() > reserveMillis) {
      const { value: serialNumber } = queue.next();
      if (serialNumber === undefined) return;
      run.left -= 1;
      const outcome = await treat(serialNumber, context);
      if (outcome === 'deleted') run.deleted += 1;
      if (outcome === 'failed') run.failed += 1;
      if (outcome === 'throttled') throttled = true;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return run;
}

async function listPending(directory: MaintenanceDirectory): Promise<readonly string[]> {
  const pending: string[] = [];
  for await (const page of directory.unassigned()) pending.push(...page.filter(isProductPath));
  return pending;
}

/** Exactly `/self-service/<user name>/<device name>`. */
const isProductPath = (serialNumber: string): boolean =>
  /^arn:[\w-]+:iam::\d{12}:mfa\/self-service\/[\w+=,.@-]{1,64}\/[A-Za-z0-9._-]{1,64}$/.test(serialNumber);

function fromAnywhere<T>(all: readonly T[]): readonly T[] {
  const start = Math.floor(Math.random() * all.length);
  return [...all.slice(start), ...all.slice(0, start)];
}

type Outcome = 'kept' | 'deleted' | 'failed' | 'throttled';

async function treat(serialNumber: string, context: ExpiryContext): Promise<Outcome> {
  try {
    return await deleteIfExpired(serialNumber, context);
  } catch (error) {
    // Gone, enabled, or being changed by its owner: if it is still expired, a later run deletes it.
    if (isProblem(error, 'device-not-found', 'device-active', 'busy')) return 'kept';
    if (isProblem(error, 'throttled')) return 'throttled';
    context.onFailure(serialNumber, error);
    return 'failed';
  }
}

/**
 * Between the check and the deletion, the owner could enable the device or recreate it under the same name. Both take
 * the owner's lease, so the check that counts is made while holding it.
 */
async function deleteIfExpired(serialNumber: string, context: ExpiryContext): Promise<Outcome> {
  const { leaseOf, onDeleted } = context;
  const signal = AbortSignal.timeout(deviceMillis);
  const directory = context.directory.until(signal);
  const ownerId = ownerIfExpired(await directory.listTags(serialNumber));
  if (ownerId === undefined) return 'kept';
  return leaseOf(ownerId, deviceMillis, signal).run(async () => {
    if (ownerIfExpired(await directory.listTags(serialNumber)) !== ownerId) return 'kept';
    await directory.remove(serialNumber);
    onDeleted({ serialNumber, ownerId });
    return 'deleted';
  });
}

/** The owner of an expired device; undefined unless its tags are exactly as the product writes them. */
export function ownerIfExpired(tags: Tags): string | undefined {
  const ownerId = tags[productTags.owner] ?? '';
  const expiresAt = tags[productTags.expiresAt] ?? '';
  const time = Date.parse(expiresAt);
  if (!/^AIDA\w{1,124}$/.test(ownerId) || Number.isNaN(time) || new Date(time).toISOString() !== expiresAt)
    return undefined;
  return time < clock.now() ? ownerId : undefined;
}
