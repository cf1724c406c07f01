import { isProblem } from '../../contract/problem.ts';
import { type Turn, turns } from '../../lib/turns.ts';
import type { ExpiryContext, ExpiryRun, OwnedDevice } from './ports.ts';

/** How long a lease is held at most, in milliseconds, and a call for a device may take. */
const deviceMillis = 10_000;
/** Reserved for the devices under way and for releasing their owners' leases. */
const reserveMillis = deviceMillis + 2_000;

/** One run: its numbers so far, and whether it goes on. */
export class Sweep {
  readonly context: ExpiryContext;
  readonly run: { -readonly [Count in keyof ExpiryRun]: number };
  readonly leaseMillis = deviceMillis;
  /** Owners at a time, and devices at a time, whosever they are. */
  readonly concurrency = 4;
  readonly turn: Turn = turns(this.concurrency);
  #throttled = false;

  constructor(context: ExpiryContext) {
    this.context = context;
    this.run = { pending: 0, deleted: 0, kept: 0, failed: 0, left: 0 };
  }

  get goesOn(): boolean {
    return !this.#throttled && this.context.millisLeft() > reserveMillis;
  }

  /** Calls to IAM for one device. */
  calls() {
    return this.context.directory.until(AbortSignal.timeout(deviceMillis));
  }

  /** Pending devices need no further turn. */
  settled(devices = 1): void {
    this.run.left -= devices;
  }

  deleted(device: OwnedDevice): void {
    this.run.deleted += 1;
    this.context.onDeleted(device);
  }

  /** Counts and reports a failure. False if it is only that AWS is throttling, which ends the run. */
  failed(what: Partial<OwnedDevice>, error: unknown, devices = 1): boolean {
    if (isProblem(error, 'throttled')) {
      this.#throttled = true;
      return false;
    }
    this.run.failed += devices;
    this.context.onFailure(what, error);
    return true;
  }
}
