import type { Caller } from '../../shared/contract/caller.ts';
import { Problem, type ProblemCode } from '../../shared/contract/problem.ts';
import type { MfaDirectory, Tags } from '../../shared/devices/ports.ts';
import type {
  ChangeLease,
  Creation,
  HeldLease,
  KeyResync,
  RecentChange,
  StoredPass,
} from '../../shared/lease/ports.ts';
import { clock } from '../../shared/lib/clock.ts';

const account = 'arn:aws:iam::123456789012';

export const alice: Caller = {
  partition: 'aws',
  accountId: '123456789012',
  userName: 'alice',
  userArn: `${account}:user/alice`,
  userId: 'AIDAALICE00000000001',
  accessKeyId: 'ASIAEXAMPLE000000001',
  temporary: true,
};

/** Serial numbers of alice's devices: in their path, from elsewhere, and of other kinds. */
export const phone = `${account}:mfa/self-service/alice/phone`;
export const tablet = `${account}:mfa/self-service/alice/tablet`;
export const older = `${account}:mfa/older`;
export const token = 'GAHT00000001';
export const securityKey = `${account}:u2f/user/alice/key-ABCDEFGH`;
/** Another user's device. */
export const foreign = `${account}:mfa/self-service/bob/phone`;

export const ownerTag = (userId = alice.userId): Tags => ({ 'mfa-self-service:owner': userId });
/** The budget's answer. */
export const rateLimit = { left: 4, resetSeconds: 60 };

export const enabledAt = new Date('2026-11-01T08:00:00.000Z');

/** A failure of a call's next use, instead of its effect or after it. */
interface Failure {
  readonly error: unknown;
  readonly after: boolean;
}

/**
 * IAM's devices around alice and her lease, in memory. `calls` holds every call that changes something and each
 * note of the lease, in order.
 */
export class FakeDevices {
  readonly active = new Map<string, Date>();
  readonly unassigned = new Set<string>();
  readonly tags = new Map<string, Tags>();
  readonly calls: string[] = [];
  /** The lease's notes from the last minutes. */
  recent: RecentChange[] = [];
  guard: HeldLease['guard'];
  pass: StoredPass | undefined;
  recoveryUnderWay: string | undefined;
  creations: readonly Creation[] = [];
  resyncs: readonly KeyResync[] = [];
  /** The error of the code budget once it is spent. */
  budgetProblem: Problem | undefined;
  readonly #failures = new Map<string, Failure>();

  /** Active devices of alice's, with her owner tag where the kind has tags. */
  withActive(...serialNumbers: readonly string[]): this {
    for (const serialNumber of serialNumbers) {
      this.active.set(serialNumber, enabledAt);
      if (serialNumber.includes(':mfa/')) this.tags.set(serialNumber, ownerTag());
    }
    return this;
  }

  /** A virtual device that no one has enabled. */
  withPending(serialNumber: string, tags: Tags = ownerTag()): this {
    this.unassigned.add(serialNumber);
    this.tags.set(serialNumber, tags);
    return this;
  }

  fail(call: keyof MfaDirectory | 'record', error: unknown, { after = false } = {}): this {
    this.#failures.set(call, { error, after });
    return this;
  }

  failWith(call: keyof MfaDirectory | 'record', code: ProblemCode, when: { after?: boolean } = {}): this {
    return this.fail(call, new Problem(code, `${call} failed.`), when);
  }

  readonly directory: MfaDirectory = {
    listActive: () =>
      this.#call('listActive', [], () =>
        [...this.active].map(([serialNumber, at]) => ({ serialNumber, enabledAt: at })),
      ),
    listUnassigned: (prefix) =>
      this.#call('listUnassigned', [], () => [...this.unassigned].filter((one) => one.startsWith(prefix))),
    listTags: (serialNumber) => this.#call('listTags', [], () => this.#tagsOf(serialNumber)),
    create: (path, name, tags) =>
      this.#call('create', [name], () => {
        const serialNumber = `${account}:mfa${path}${name}`;
        if (this.tags.has(serialNumber)) throw new Problem('device-exists', 'The name is taken.');
        this.withPending(serialNumber, tags);
        return { serialNumber, base32Seed: 'JBSWY3DPEHPK3PXP' };
      }),
    enable: (serialNumber) =>
      this.#call('enable', [serialNumber], () => {
        this.unassigned.delete(serialNumber);
        this.active.set(serialNumber, new Date(clock.now()));
      }),
    deactivate: (serialNumber) =>
      this.#call('deactivate', [serialNumber], () => {
        if (!this.active.delete(serialNumber)) throw new Problem('device-not-found', 'Not active.');
        if (serialNumber.includes(':mfa/')) this.unassigned.add(serialNumber);
      }),
    resync: (serialNumber) => this.#call('resync', [serialNumber], () => undefined),
    tag: (serialNumber, tags) =>
      this.#call('tag', [serialNumber], () => {
        this.tags.set(serialNumber, { ...this.tags.get(serialNumber), ...tags });
      }),
    untag: (serialNumber, keys) =>
      this.#call('untag', [serialNumber], () => {
        const left = Object.entries(this.#tagsOf(serialNumber)).filter(([key]) => !keys.includes(key));
        this.tags.set(serialNumber, Object.fromEntries(left));
      }),
    remove: (serialNumber) =>
      this.#call('remove', [serialNumber], () => {
        if (this.active.has(serialNumber)) throw new Problem('device-active', 'Still active.');
        if (!this.tags.delete(serialNumber)) throw new Problem('device-not-found', 'Gone.');
        this.unassigned.delete(serialNumber);
      }),
  };

  readonly lease: ChangeLease = {
    run: async (change) => {
      this.calls.push('acquire');
      try {
        return await change(this.#held());
      } finally {
        this.calls.push('release');
      }
    },
  };

  /** The dependencies of use cases around alice's devices. Codes are counted as `spend`. */
  get context() {
    const spend = async () => {
      this.calls.push('spend');
      if (this.budgetProblem) throw this.budgetProblem;
      return rateLimit;
    };
    return {
      caller: alice,
      directory: this.directory,
      lease: this.lease,
      budget: { spend },
      resyncCoolDown: 86_400,
    };
  }

  /** Calls that changed something in IAM, without those of the lease. */
  get changes(): readonly string[] {
    return this.calls.filter((call) => !/^(acquire|release|record|forget)/.test(call));
  }

  #held(): HeldLease {
    const held: HeldLease = {
      guard: this.guard,
      pass: this.pass,
      recoveryUnderWay: this.recoveryUnderWay,
      creations: this.creations,
      resyncs: this.resyncs,
      recent: this.recent,
      write: async (next) => {
        Object.assign(held, next);
        Object.assign(this, next);
      },
      putGuard: (guard) => held.write({ guard }),
      liftGuard: () => held.write({ guard: undefined, pass: undefined }),
      putPass: (pass) => held.write({ pass }),
      record: (serialNumber, active) =>
        this.#call('record', [serialNumber, active ? 'active' : 'inactive'], () => undefined),
      forget: (serialNumber) => this.#call('forget', [serialNumber], () => undefined),
    };
    return held;
  }

  #tagsOf(serialNumber: string): Tags {
    const tags = this.tags.get(serialNumber);
    if (tags === undefined) throw new Problem('device-not-found', 'No such device.');
    return tags;
  }

  async #call<T>(name: string, details: readonly string[], effect: () => T): Promise<T> {
    if (!name.startsWith('list')) this.calls.push([name, ...details.map(shortened)].join(' '));
    const failure = this.#failures.get(name);
    this.#failures.delete(name);
    if (failure && !failure.after) throw failure.error;
    const result = effect();
    if (failure) throw failure.error;
    return result;
  }
}

const shortened = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
