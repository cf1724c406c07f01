import type { Caller } from '../contract/caller.ts';
import { creationLimits } from '../contract/creation-limits.ts';
import { Problem } from '../contract/problem.ts';
import type { Creation, HeldLease } from '../lease/ports.ts';
import { staleMillis } from '../lease/staleness.ts';
import { clock } from '../lib/clock.ts';
import { errorFields, log } from '../lib/log.ts';
import { ownPrefix } from './device-id.ts';
import type { MfaDirectory } from './ports.ts';

export interface CreationContext {
  readonly caller: Caller;
  readonly directory: Pick<MfaDirectory, 'listUnassigned'>;
  readonly settings: {
    /** Seconds until a device expires unless it is enabled. */
    readonly expiresAfter: number;
  };
}

const hourMillis = 3_600_000;

/**
 * Counts a creation before it is made: one that cannot be noted is not made. One that is refused for the number of
 * pending devices counts within the hour too, since IAM is asked before it is refused.
 * Returns whether a device of this serial number may be pending already. Throws `throttled`, `too-many-pending` and
 * whatever lease and directory throw.
 */
export async function noteCreation(
  serialNumber: string,
  lease: HeldLease,
  context: CreationContext,
): Promise<boolean> {
  const at = clock.now();
  const kept = lease.creations.filter((one) => one.pending || isWithinHour(one, at));
  assertNotTooFast(kept, at);
  const others = pendingIn(kept).filter((one) => one.serialNumber !== serialNumber);
  const mayBePending = others.length < pendingIn(kept).length;
  const hasRoom = mayBePending || others.length < creationLimits.mostPending;
  const noted = kept.map(unlessOf(serialNumber));
  await lease.write({ creations: [...noted, { serialNumber, at, pending: hasRoom }] });
  if (!hasRoom) {
    const gone = await goneOf(others, at, context);
    if (others.length - gone.length >= creationLimits.mostPending) throw tooManyPending(context);
    const creations = [...noted.map(unlessOf(...gone)), { serialNumber, at, pending: true }];
    await lease.write({ creations });
  }
  return mayBePending;
}

/**
 * Notes that the device is pending no longer: it has been enabled, or deleted. Never throws: a note that stays is
 * compared with IAM's list before it counts against anybody.
 */
export async function noLongerPending(serialNumber: string, lease: HeldLease): Promise<void> {
  if (!pendingIn(lease.creations).some((one) => one.serialNumber === serialNumber)) return;
  await lease
    .write({ creations: lease.creations.map(unlessOf(serialNumber)) })
    .catch((error: unknown) => log.warn('creation still noted as pending', errorFields(error)));
}

/**
 * Notes that a device is about to be deactivated, and so is pending again: otherwise whoever enables and deactivates
 * their devices could have any number of them.
 */
export const pendingAgain = (serialNumber: string, lease: HeldLease): Promise<void> =>
  lease.write({
    creations: [
      ...lease.creations.map(unlessOf(serialNumber)),
      { serialNumber, at: clock.now(), pending: true },
    ],
  });

const pendingIn = (creations: readonly Creation[]): readonly Creation[] =>
  creations.filter(({ pending }) => pending);

/** A creation of any of these devices is no longer noted as pending. */
const unlessOf =
  (...serialNumbers: readonly string[]) =>
  (creation: Creation): Creation =>
    serialNumbers.includes(creation.serialNumber) ? { ...creation, pending: false } : creation;

/** Includes times slightly in the future, by a clock that was set back since. */
const isWithinHour = ({ at }: Creation, now: number): boolean => Math.abs(now - at) < hourMillis;

/** Throws `throttled`, with the seconds after which the next creation is possible. */
function assertNotTooFast(kept: readonly Creation[], now: number): void {
  const times = kept
    .filter((one) => isWithinHour(one, now))
    .map(({ at }) => at)
    .sort((one, other) => other - one);
  const next = times[creationLimits.mostPerHour - 1];
  if (next === undefined) return;
  throw new Problem(
    'throttled',
    `You have created ${creationLimits.mostPerHour} devices within an hour, counting those that were replaced or ` +
      'refused. Wait until the first of them is an hour ago.',
    { retryAfter: Math.ceil((next + hourMillis - now) / 1000) },
  );
}

/**
 * Serial numbers of those that IAM does not list as pending: enabled, deleted or expired past this API. One that is so
 * young that the list may miss it is not among them.
 */
async function goneOf(
  creations: readonly Creation[],
  now: number,
  { caller, directory }: CreationContext,
): Promise<readonly string[]> {
  const unassigned = new Set(await directory.listUnassigned(ownPrefix(caller)));
  return creations
    .filter(({ serialNumber, at }) => !unassigned.has(serialNumber) && now - at >= staleMillis)
    .map(({ serialNumber }) => serialNumber);
}

const tooManyPending = ({ settings }: CreationContext): Problem =>
  new Problem(
    'too-many-pending',
    `You have ${creationLimits.mostPending} devices that are not enabled, and can have no more. Enable or delete one, ` +
      'or create this one under the name of one of them, which replaces it. A device that is never enabled expires ' +
      `${Math.round(settings.expiresAfter / 60)} minutes after its creation.`,
  );
