import { vi } from 'vitest';
import { Problem, type ProblemCode } from '../../../../shared/contract/problem.ts';
import { deviceKindOf } from '../../../../shared/devices/device-id.ts';
import type { Tags } from '../../../../shared/devices/ports.ts';
import type {
  Creation,
  Guard,
  HeldLease,
  RecentChange,
  StoredPass,
  UserRecord,
} from '../../../../shared/lease/ports.ts';
import { clock } from '../../../../shared/lib/clock.ts';
import type { ExecutionPorts, RecoveryDirectory } from '../../../../shared/recoveries/execution/ports.ts';
import type { TaskOutcome } from '../../../../shared/recoveries/execution/process-recovery.ts';
import { processOne, sweep } from '../../../../shared/recoveries/execution/sweep.ts';
import type { IamUser, RecoveryStore } from '../../../../shared/recoveries/ports.ts';
import type { Recovery } from '../../../../shared/recoveries/recovery.ts';
import { memoryRecoveryStore } from '../../../support/recovery-store.ts';

const account = 'arn:aws:iam::123456789012';
export const phone = `${account}:mfa/self-service/bob/phone`;
export const tablet = `${account}:mfa/self-service/bob/tablet`;
export const older = `${account}:mfa/older`;
export const token = 'GAHT00000001';
export const key = `${account}:u2f/user/bob/key-ABCDEFGH`;
export const pending = `${account}:mfa/self-service/bob/pending`;

export const bob: IamUser = {
  userName: 'bob',
  userId: 'AIDABOB0000000000001',
  userArn: `${account}:user/bob`,
};
export const ownerTag = (userId = bob.userId): Tags => ({ 'mfa-self-service:owner': userId });

export const start = Date.parse('2026-11-24T12:00:00.000Z');
/** How long STS accepts a device after its removal, at most. */
const stsLagMillis = 15_000;
const enabledAt = '2026-10-01T00:00:00.000Z';
export const recoveryId = 'abcdefghijklmnopqrstuvwxyz';

/** An approved recovery of the given devices. */
export const recoveryOf = (devices: readonly string[], change: Partial<Recovery> = {}): Recovery => ({
  id: recoveryId,
  version: 2,
  state: 'approved',
  ticket: { system: 'desk', id: 'T-1' },
  reason: 'lost',
  ...bob,
  devices: devices.map((serialNumber) => ({ serialNumber, enabledAt })),
  requestHash: 'hash',
  requestedBy: 'ann',
  requestedAt: '2026-11-24T11:00:00.000Z',
  approvals: [{ by: 'pat', at: '2026-11-24T12:00:00.000Z' }],
  approvalsNeeded: 1,
  expiresAt: '2026-12-01T11:00:00.000Z',
  dueAt: '2026-11-24T12:00:00.000Z',
  ...change,
});

interface FakeDevice {
  readonly enabledAt?: Date | undefined;
  /** UserId of who holds it. */
  readonly holder?: string | undefined;
  readonly tags: Tags;
}

/** A failure of one call, or of it and all that follow; before it has its effect, or after. */
export interface Failure {
  readonly call: number | string;
  readonly when?: 'before' | 'after';
  readonly code?: ProblemCode;
  readonly goesOn?: boolean;
  /** Which calls fail that follow; default is all. */
  readonly of?: RegExp;
}

/** IAM, the table and the clock around one user, as far as executions see them. Every call of a port is counted. */
export class World {
  now = start;
  user: IamUser | undefined = bob;
  readonly devices = new Map<string, FakeDevice>();
  /** Serial numbers of active devices that IAM's list does not show yet. */
  readonly unlisted = new Set<string>();
  hasHold = false;
  /** Whether there is room for the managed policy, and for the inline one. */
  room = { attached: true, inline: true };
  revokedBefore: Date | undefined;
  guard: Guard | undefined;
  pass: StoredPass | undefined;
  recoveryUnderWay: string | undefined;
  creations: readonly Creation[] = [];
  recent: readonly RecentChange[] = [];
  leaseUntil = 0;
  readonly store: RecoveryStore;
  readonly calls: string[] = [];
  /** Serial numbers of devices in the order in which they were taken. */
  readonly deactivated: string[] = [];
  /** What was done to a device while neither guard nor hold protected the user. */
  readonly unprotected: string[] = [];
  /** Calls after which the user was neither held nor whole, or a thief's session was alive. */
  readonly broken: string[] = [];
  /** When a device was last taken. */
  takenAt = Number.NEGATIVE_INFINITY;
  failure: Failure | undefined;
  /** Called after each call. */
  onCall: (name: string, world: World) => unknown = () => undefined;
  /** Called with each end, as the function is. */
  onTold: (outcome: TaskOutcome) => void = () => undefined;
  readonly told: TaskOutcome[] = [];
  readonly notPostponed: unknown[] = [];
  #failing = false;

  constructor(...recoveries: readonly Recovery[]) {
    this.store = memoryRecoveryStore(...recoveries);
    for (const { devices } of recoveries) {
      for (const device of devices) this.enable(device.serialNumber, new Date(device.enabledAt));
    }
    vi.spyOn(clock, 'now').mockImplementation(() => this.now);
  }

  enable(serialNumber: string, at = new Date(this.now)): void {
    this.devices.set(serialNumber, { holder: bob.userId, enabledAt: at, tags: ownerTag() });
  }

  get active(): readonly string[] {
    return [...this.devices].filter(([, { holder }]) => holder === bob.userId).map(([serial]) => serial);
  }

  get ports(): ExecutionPorts {
    const call =
      (name: string) =>
      <Arguments extends readonly unknown[], Result>(effect: (...args: Arguments) => Result) =>
      (...args: Arguments) =>
        this.#call(name, () => effect(...args));
    const { store } = this;
    return {
      store: {
        ...store,
        get: call('store.get')(store.get),
        replace: call('store.replace')(store.replace),
        listByState: call('store.listByState')(store.listByState),
        listBySubject: call('store.listBySubject')(store.listBySubject),
        listDue: call('store.listDue')(store.listDue),
      },
      leaseOf: (_userId, leaseMillis) => ({
        run: async (change) => {
          await call('lease.acquire')(() => {
            if (this.leaseUntil > this.now) throw problem('busy');
            this.leaseUntil = this.now + leaseMillis;
          })();
          try {
            return await change(this.#held(call));
          } finally {
            const release = call('lease.release')(() => {
              this.leaseUntil = 0;
            });
            await release().catch(() => undefined);
          }
        },
      }),
      directoryOf: () => this.#directory(call),
    };
  }

  /** As the function does after an approval. */
  execute(id = recoveryId): Promise<TaskOutcome> {
    return processOne(id, this.ports, this.#options());
  }

  /** As the function does every minute. */
  sweep(millisLeft = () => 60_000): Promise<readonly TaskOutcome[]> {
    return sweep(this.ports, { ...this.#options(), millisLeft });
  }

  /** Sweeps every minute for half an hour, with all that failed before in order. */
  async goOn(): Promise<Recovery | undefined> {
    this.failure = undefined;
    this.#failing = false;
    for (let minute = 0; minute < 30; minute += 1) {
      this.now += 60_000;
      await this.sweep();
    }
    return this.store.get(recoveryId);
  }

  /** What it all comes to, without times. */
  async outcome() {
    const { items } = await this.store.listBySubject(bob.userId, { limit: 100 });
    return {
      recoveries: items.map(({ id, state, failure, removedDevices = [] }) => {
        const removed = removedDevices.map(({ serialNumber }) => serialNumber).sort();
        return { id, state, failure, removed };
      }),
      devices: [...this.devices].map(([serial, { holder }]) => `${serial} ${holder ?? ''}`).sort(),
      deactivated: [...this.deactivated].sort(),
      hasHold: this.hasHold,
      isGuarded: this.guard?.recoveryId,
      isRevoked: this.revokedBefore !== undefined,
      unprotected: this.unprotected,
      broken: this.broken,
      isLeased: this.leaseUntil > this.now,
    };
  }

  #options() {
    return {
      millisLeft: () => 60_000,
      onEnd: (outcome: TaskOutcome) => {
        this.told.push(outcome);
        this.onTold(outcome);
      },
      onNotPostponed: (_id: string, error: unknown) => this.notPostponed.push(error),
    };
  }

  async #call<Result>(name: string, effect: () => Result): Promise<Awaited<Result>> {
    this.calls.push(name);
    this.#mayFail(name, 'before');
    const result = await effect();
    if (!(await this.isHeldOrWhole())) this.broken.push(name);
    this.#mayFail(name, 'after');
    await this.onCall(name, this);
    return result;
  }

  /**
   * What holds after every call: a user without a device is held, by guard and hold. After a theft, sessions of a taken
   * device are dead: by the hold, or by the denial, which covers what STS issues in the seconds after.
   */
  async isHeldOrWhole(): Promise<boolean> {
    const isHeld = this.guard !== undefined && this.hasHold;
    if (isHeld || this.deactivated.length === 0) return true;
    if (this.active.length === 0) return false;
    const isDenied = Number(this.revokedBefore) > this.takenAt + stsLagMillis;
    return isDenied || !(await this.#isTheft());
  }

  /** Whether anything that was taken could have been a thief's. */
  async #isTheft(): Promise<boolean> {
    const { items } = await this.store.listBySubject(bob.userId, { limit: 100 });
    return items.some(({ reason, removalBegunAt }) => reason === 'stolen' && removalBegunAt !== undefined);
  }

  #mayFail(name: string, now: 'before' | 'after'): void {
    if (this.failure === undefined) return;
    const { call, when = 'before', code = 'upstream-failed', goesOn = false, of = /./ } = this.failure;
    const begins = when === now && (call === this.calls.length || call === name);
    if (this.#failing ? !of.test(name) : !begins) return;
    if (goesOn) this.#failing = true;
    else this.failure = undefined;
    throw problem(code);
  }

  #held(call: Caller): HeldLease {
    const world = this;
    return {
      get guard() {
        return world.guard;
      },
      get pass() {
        return world.pass;
      },
      get recoveryUnderWay() {
        return world.recoveryUnderWay;
      },
      get creations() {
        return world.creations;
      },
      resyncs: [],
      recent: world.recent,
      write: call('lease.write')((next: Partial<UserRecord>) => {
        Object.assign(world, next);
      }),
      putGuard: call('lease.putGuard')((guard: Guard) => {
        world.guard = guard;
      }),
      liftGuard: call('lease.liftGuard')(() => {
        world.guard = undefined;
        world.pass = undefined;
      }),
      putPass: call('lease.putPass')((pass: StoredPass | undefined) => {
        world.pass = pass;
      }),
      record: call('lease.record')((serialNumber: string, active: boolean) => {
        const others = world.recent.filter((change) => change.serialNumber !== serialNumber);
        world.recent = [...others, { serialNumber, active, at: world.now }];
      }),
      forget: call('lease.forget')(() => undefined),
    };
  }

  #directory(call: Caller): RecoveryDirectory {
    return {
      getUser: call('iam.getUser')(() => {
        if (this.user === undefined) throw problem('user-not-found');
        return this.user;
      }),
      listActive: call('iam.listActive')(() =>
        [...this.devices].flatMap(([serialNumber, { holder, enabledAt: at }]) =>
          holder === bob.userId && at && !this.unlisted.has(serialNumber)
            ? [{ serialNumber, enabledAt: at }]
            : [],
        ),
      ),
      listUnassigned: call('iam.listUnassigned')((prefix: string) =>
        [...this.devices]
          .filter(([serial, { holder }]) => holder === undefined && serial.startsWith(prefix))
          .map(([serial]) => serial),
      ),
      listTags: call('iam.listTags')((serialNumber: string) => this.#device(serialNumber).tags),
      deactivate: call('iam.deactivate')((serialNumber: string) => {
        const { holder, ...device } = this.#device(serialNumber);
        if (holder !== bob.userId) throw problem('device-not-found');
        this.#assertProtected(serialNumber);
        this.deactivated.push(serialNumber);
        this.takenAt = this.now;
        if (deviceKindOf(serialNumber) === 'fido') this.devices.delete(serialNumber);
        else this.devices.set(serialNumber, { tags: device.tags });
      }),
      remove: call('iam.remove')((serialNumber: string) => {
        if (this.#device(serialNumber).holder !== undefined) throw problem('device-active');
        this.#assertProtected(serialNumber);
        this.devices.delete(serialNumber);
      }),
      attachHold: call('iam.attachHold')(() => {
        this.hasHold ||= this.room.attached;
        return this.hasHold;
      }),
      detachHold: call('iam.detachHold')(() => {
        this.hasHold = false;
      }),
      denyOldSessions: call('iam.denyOldSessions')((before: Date) => {
        if (this.room.inline) this.revokedBefore = before;
        return this.room.inline;
      }),
      allowOldSessions: call('iam.allowOldSessions')(() => {
        this.revokedBefore = undefined;
      }),
    };
  }

  #device(serialNumber: string): FakeDevice {
    const device = this.devices.get(serialNumber);
    if (device === undefined) throw problem('device-not-found');
    return device;
  }

  #assertProtected(serialNumber: string): void {
    if (this.guard === undefined || !this.hasHold) this.unprotected.push(serialNumber);
  }
}

type Caller = (
  name: string,
) => <Arguments extends readonly unknown[], Result>(
  effect: (...args: Arguments) => Result,
) => (...args: Arguments) => Promise<Awaited<Result>>;

export const problem = (code: ProblemCode): Problem => new Problem(code, 'As the test wants it.');
