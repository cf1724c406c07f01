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
}

/** The execution of one recovery, under its subject's lease. */
export class Execution {
  readonly directory: RecoveryDirectory;
  readonly lease: HeldLease;
  readonly #store: RecoveryStore;
  #recovery: Recovery;

  constructor(recovery: Recovery, { store, lease, directory }: Parts) {
    this.#recovery = recovery;
    this.#store = store;
    this.lease = lease;
    this.directory = directory;
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
    this.#recovery = await changeRecovery(this.#recovery.id, action, decide, this.#store);
    return permitted;
  }

  /** Whether the guard belongs to this recovery: one left by an earlier recovery is not ours to lift. */
  get isGuarded(): boolean {
    return this.lease.guard?.recoveryId === this.#recovery.id;
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
