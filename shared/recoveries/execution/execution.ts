import type { HeldLease } from '../../lease/ports.ts';
import { clock } from '../../lib/clock.ts';
import { changeRecovery } from '../change-recovery.ts';
import type { RecoveryStore } from '../ports.ts';
import type { Recovery, RecoveryFailure } from '../recovery.ts';
import { type Action, type Input, permits, transition } from '../state-machine.ts';
import type { RecoveryDirectory } from './ports.ts';

/** How an execution came to rest. `superseded`: somebody else ended or stopped it. */
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

  /** As last written. */
  get recovery(): Recovery {
    return this.#recovery;
  }

  /**
   * Writes what follows from an action, decided on the recovery as it is then. False when its state does not permit the
   * action: nothing is written, and nothing more is to be done.
   */
  async write<A extends Action>(action: A, input: Input<A>): Promise<boolean> {
    let mayGoOn = false;
    const decide = (current: Recovery): Recovery => {
      const now = clock.now();
      mayGoOn = permits(current, action, input, now);
      return mayGoOn ? transition(current, action, input, now) : current;
    };
    this.#recovery = await changeRecovery(this.#recovery.id, action, decide, this.#store);
    return mayGoOn;
  }

  /** Whether the guard is there for this recovery: one that an earlier recovery left is not ours to lift. */
  get isGuarded(): boolean {
    return this.lease.guard?.recoveryId === this.#recovery.id;
  }

  /** Takes guard and hold away. The hold first: without it the guard still keeps this API closed. */
  async release(): Promise<void> {
    await this.directory.detachHold();
    await this.lease.liftGuard();
  }

  /** Ends in failure. As long as nothing was taken the user is as free as before; after that they stay guarded. */
  async fail(failure: RecoveryFailure): Promise<ExecutionEnd> {
    if (this.isGuarded && this.#recovery.removalBegunAt === undefined) {
      // Another user of that name, or none: there is nobody whose policies are ours to change.
      await (failure === 'user-changed' ? this.lease.liftGuard() : this.release());
    }
    const ended = await this.write('FailRecovery', { failure });
    return ended ? 'failed' : 'superseded';
  }
}
