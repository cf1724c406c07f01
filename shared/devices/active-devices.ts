import { Problem } from '../contract/problem.ts';
import type { RecentChange } from '../lease/ports.ts';
import type { ActiveDevice } from './ports.ts';

/** By how much IAM's dates, which have whole seconds, can be behind our clock. */
const clockSkewMillis = 5_000;

/** What IAM's list, which may be late, and the lease's notes of recent changes say together. */
export interface ActiveNow {
  /** Active beyond doubt: listed, and no note contradicts. */
  readonly certain: readonly ActiveDevice[];
  /** Noted as enabled, but not certain: the list is late, or nothing came of it. */
  readonly unconfirmed: readonly string[];
  /** The device, if it is active beyond doubt. */
  find(serialNumber: string): ActiveDevice | undefined;
  /** False only if the device is inactive beyond doubt: a deactivation that is noted may have come to nothing. */
  mayBeActive(serialNumber: string): boolean;
}

/**
 * Judges which devices are active. Whoever removes a device or relies on one needs certainty that another is active;
 * whoever keeps a device out must reckon with every one that may be. See docs/decisions/0025.
 */
export function activeNow(list: readonly ActiveDevice[], recent: readonly RecentChange[]): ActiveNow {
  const notes = new Map(recent.map((note) => [note.serialNumber, note]));
  const certain = list.filter((device) => isConfirmed(device, notes.get(device.serialNumber)));
  const find = (serialNumber: string) => certain.find((device) => device.serialNumber === serialNumber);
  return {
    certain,
    unconfirmed: recent
      .filter((note) => note.active && !find(note.serialNumber))
      .map((note) => note.serialNumber),
    find,
    mayBeActive: (serialNumber) =>
      notes.has(serialNumber) || list.some((device) => device.serialNumber === serialNumber),
  };
}

/** A date before the noted activation is that of an earlier one, which has ended since. */
const isConfirmed = ({ enabledAt }: ActiveDevice, note: RecentChange | undefined): boolean =>
  note === undefined || (note.active && enabledAt.getTime() >= note.at - clockSkewMillis);

/** For what depends on a device that was noted as enabled and is not certain to be active. */
export const notListedYet = (): Problem =>
  new Problem(
    'busy',
    'One of your devices was enabled a moment ago, and AWS does not list it yet. Try again in some seconds; if that ' +
      'activation failed, in five minutes at most.',
    { retryAfter: 5 },
  );
