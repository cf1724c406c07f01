import type { HeldLease } from '../../lease/ports.ts';
import { clock } from '../../lib/clock.ts';
import { changeRecovery } from '../change-recovery.ts';
import type { RecoveryStore } from '../ports.ts';
import type { Recovery, RecoveryFailure } from '../recovery.ts';
import { type Action, type Input, permits, transition } from '../state-machine.ts';
import type { RecoveryDirectory } from './ports.ts';

/** Where an execution stopped. `superseded`: the recovery was ended, or changed, from elsewhere. */
export type ExecutionEnd = 'executed' | 'failed' | 'waiting' | 'superseded';

interface Parts {
  readonly store: RecoveryStore;
  readonly lease: HeldLease;
  readonly directory: RecoveryDirectory;
  /** Called whenever something that will not have to be done again is done. */
  readonly onProgress: () => void;
}

/** The execution of one recovery, under its subject's lease. */
export class Execution {
  readonly directory: RecoveryDirectory;
  readonly lease: HeldLease;
  readonly store: RecoveryStore;
  readonly onProgress: () => void;
  /** Serial numbers of the devices that this run has deactivated. */
  readonly deactivated = new Set<string>();
  /** Whether a device was deactivated since it was decided which sessions to revoke. */
  isUnsettled = false;
  /** Whether the user has a device that stays, at the last look. */
  hasOtherDevice = false;
  #recovery: Recovery;

  constructor(recovery: Recovery, { store, lease, directory, onProgress }: Parts) {
    this.#recovery = recovery;
    this.store = store;
    this.lease = lease;
    this.directory = directory;
    this.onProgress = onProgress;
  }

  /** The version last written. */
  get recovery(): Recovery {
    return this.#recovery;
  }

  /**
   * Applies an action to the recovery as stored, and writes the result. False if its state does not permit the action:
   * then nothing is written, and the execution has to stop.
   */
  async write<A extends Action>(action: A, input: Input<A>): Promise<boolean> {
    let permitted = false;
    const decide = (current: Recovery): Recovery => {
      const now = clock.now();
      permitted = permits(current, action, input, now);
      return permitted ? transition(current, action, input, now) : current;
    };
    this.#recovery = await changeRecovery(this.#recovery.id, action, decide, this.store);
    return permitted;
  }

  /** Whether the guard belongs to this recovery: one left by an earlier recovery is not ours to lift. */
  get isGuarded(): boolean {
    return this.lease.guard?.recoveryId === this.#recovery.id;
  }

  /** Whether the user's sessions are to be revoked: after a theft, or where an earlier recovery could not do it. */
  get mustRevoke(): boolean {
    return this.#recovery.reason === 'stolen' || this.lease.guard?.mustRevoke === true;
  }

  /**
   * From here on the user can enrol only with a pass of this recovery. A duty to revoke passes on to it. What a thief
   * created does not count against the user, and creates nothing more under the guard.
   */
  async putGuard(): Promise<void> {
    const { id: recoveryId } = this.#recovery;
    const guard = { recoveryId, at: clock.now(), ...(this.mustRevoke && { mustRevoke: true }) };
    await this.lease.write({ guard, pass: undefined, creations: [] });
  }

  /** Removes hold and guard. The hold first: as long as the guard is there, it blocks enrolment through this API. */
  async release(): Promise<void> {
    await this.directory.detachHold();
    await this.lease.liftGuard();
  }

  /** Ends in failure. If nothing has been removed yet, hold and guard go too; otherwise the user stays guarded. */
  async fail(failure: RecoveryFailure): Promise<ExecutionEnd> {
    if (this.isGuarded && this.#recovery.removalBegunAt === undefined) {
      // The name now belongs to another user or to none: there are no policies that are ours to change.
      await (failure === 'user-changed' ? this.lease.liftGuard() : this.release());
    }
    const ended = await this.write('FailRecovery', { failure });
    return ended ? 'failed' : 'superseded';
  }
}
