import { isProblem, Problem } from '../../../shared/contract/problem.ts';
import { alice, foreign } from '../../support/fake-devices.ts';
import { type IamDevice, LaggingIam } from '../../support/lagging-iam.ts';
import { type Attempt, LeaseTable } from '../../support/lease-table.ts';
import type { Context, Operation } from './device-operations.ts';

export type Devices = ReadonlyMap<string, IamDevice>;

/** How one call to AWS goes. */
export interface Fate {
  readonly outcome: 'done' | 'answer-lost' | 'not-done' | 'throttled';
  /** Whether reads and the table fail as well. */
  readonly everywhere: boolean;
  /** How late a list is, in milliseconds. */
  readonly lag: number;
  /** Milliseconds until AWS answers. */
  readonly takes: number;
}

interface Rules {
  readonly initially: Devices;
  /** For one call after the other; those beyond them go well. */
  readonly fates: readonly Fate[];
  readonly allowRemovingLast: boolean;
}

const benign: Fate = { outcome: 'done', everywhere: false, lag: 0, takes: 20 };
/** Milliseconds after which a function ends, and with it its calls. */
const deadlineMillis = 10_000;
const changes = new Set(['create', 'enable', 'deactivate', 'remove', 'resync', 'tag', 'untag']);

const activeIn = (devices: Devices): string[] =>
  [...devices].filter(([, { userName }]) => userName === 'alice').map(([serialNumber]) => serialNumber);

/** Alice's devices and her lease, with functions at work on them, and a note of each promise that they break. */
export class LaggingWorld {
  readonly broken: string[] = [];
  now = Date.parse('2026-11-24T12:00:00.000Z');
  readonly #iam: LaggingIam;
  readonly #table = new LeaseTable(() => this.now);
  readonly #fates: Iterator<Fate>;
  readonly #allowRemovingLast: boolean;
  /** Waits until it is a call's turn. */
  readonly #turn: (call: string) => Promise<unknown>;
  #fate = benign;

  constructor({ initially, fates, allowRemovingLast }: Rules, turn: (call: string) => Promise<unknown>) {
    this.#iam = new LaggingIam(() => this.now, 'arn:aws:iam::123456789012', initially);
    this.#fates = fates.values();
    this.#allowRemovingLast = allowRemovingLast;
    this.#turn = turn;
  }

  /** Carries one request out, and compares its answer with what was true between the two. */
  async carryOut({ name, isFirst, run, promises, claims }: Operation): Promise<void> {
    const { now } = this;
    const wasTrue = (claim: (devices: Devices) => boolean) => this.#iam.since(now).some(claim);
    try {
      const output = await run(this.#context(isFirst));
      if (!wasTrue((devices) => promises(devices, output))) this.broken.push(`${name} was not done`);
    } catch (error) {
      if (!isProblem(error)) throw error;
      const claim = claims(error.message);
      if (claim && !wasTrue(claim)) this.broken.push(`${name} said: ${error.message}`);
    }
  }

  #context(isFirst: boolean): Context {
    const attempt = this.#attemptUntil(this.now + deadlineMillis);
    return {
      caller: alice,
      directory: this.#iam.directoryFor('alice', {
        attempt,
        lag: () => this.#fate.lag,
        onChange: (call, serialNumber, before) => this.#watch(call, serialNumber, before, isFirst),
      }),
      lease: this.#table.leaseFor(attempt, deadlineMillis + 2_000),
      userRecord: () => attempt('read', () => this.#table.record()),
      budget: { spend: async () => ({ left: 4, resetSeconds: 60 }) },
      hold: { detach: async () => undefined },
      firstDevice: 'open',
      allowRemovingLast: this.#allowRemovingLast,
      resyncCoolDown: 0,
      stepUpMaxAge: 900,
      settings: { issuer: 'AWS', label: '{userName}', expiresAfter: 3_600 },
    };
  }

  #attemptUntil(deadline: number): Attempt {
    return async (name, effect) => {
      await this.#turn(name);
      this.#fate = this.#fates.next().value ?? benign;
      this.now += this.#fate.takes;
      if (name !== 'release' && this.now >= deadline) throw new Problem('timeout', 'Too late.');
      const fails = changes.has(name) || this.#fate.everywhere;
      const outcome = fails ? this.#fate.outcome : 'done';
      if (outcome === 'throttled') throw new Problem('throttled', 'Later.');
      if (outcome === 'not-done') throw new Problem('upstream-failed', 'Not done.');
      const result = effect();
      if (outcome === 'answer-lost') throw new Problem('upstream-failed', 'Done, perhaps.');
      return result;
    };
  }

  #watch(call: string, serialNumber: string, before: Devices, isFirst: boolean): void {
    const left = activeIn(this.#iam.devices);
    if (left.length === 0 && activeIn(before).length > 0 && !this.#allowRemovingLast)
      this.broken.push(`${call} took the last device, ${serialNumber}`);
    if (call === 'enable' && isFirst && left.length > 1)
      this.broken.push(`${serialNumber} was enabled as a first device beside another`);
    if (serialNumber === foreign) this.broken.push(`${call} of another user's device`);
  }
}
