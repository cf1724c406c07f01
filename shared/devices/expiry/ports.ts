import type { ChangeLease } from '../../lease/ports.ts';
import type { ActiveDevice, MfaDirectory } from '../ports.ts';

/** All virtual devices of the account. */
export interface MaintenanceDirectory {
  /** Pages of serial numbers of devices that are enabled for no one. */
  unassigned(): AsyncIterable<readonly string[]>;
  /** Pages of devices that are enabled for someone. */
  assigned(): AsyncIterable<readonly ActiveDevice[]>;
  /**
   * Calls that the signal aborts. A deletion is sent only once unless AWS throttled it: sent again, it could hit a
   * device created since.
   */
  until(signal: AbortSignal): Pick<MfaDirectory, 'listTags' | 'remove' | 'untag'>;
}

/** A device created with this product. */
export interface OwnedDevice {
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
  /** Waits for owners whose lease is taken. */
  readonly pause: () => Promise<unknown>;
  readonly onDeleted: (device: OwnedDevice) => void;
  /** An active device no longer expires. */
  readonly onKept: (device: OwnedDevice) => void;
  /** What failed: one device, or everything under way for one owner. */
  readonly onFailure: (what: Partial<OwnedDevice>, error: unknown) => void;
}

/** What a run did, in devices. */
export interface ExpiryRun {
  /** Below the product's path and not enabled. */
  readonly pending: number;
  readonly deleted: number;
  /** Active ones that still had an expiry. */
  readonly kept: number;
  readonly failed: number;
  /** Not checked, for lack of time, because AWS was throttling, or because their owner was busy. */
  readonly left: number;
}
