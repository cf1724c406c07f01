import { Problem } from '../../shared/contract/problem.ts';
import type { ChangeLease, HeldLease, UserRecord } from '../../shared/lease/ports.ts';

interface Item extends UserRecord {
  readonly holder?: number | undefined;
  readonly heldUntil?: number | undefined;
}

/** What a call does: runs the effect, or fails instead of it or after it. */
export type Attempt = <T>(name: string, effect: () => T) => Promise<T>;

const staleMillis = 300_000;
const none: Item = {
  guard: undefined,
  pass: undefined,
  recoveryUnderWay: undefined,
  creations: [],
  resyncs: [],
  recent: [],
};

/** The table with one user's item, under the rules of shared/aws/table/change-lease.ts. */
export class LeaseTable {
  item: Item = none;
  readonly #now: () => number;
  #holders = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A function's access to the lease, whose calls go through `attempt`. */
  leaseFor(attempt: Attempt, heldMillis: number): ChangeLease {
    return {
      run: async (change) => {
        this.#holders += 1;
        const holder = this.#holders;
        const before = await attempt('acquire', () => this.#acquire(holder, heldMillis));
        try {
          return await change(this.#held(holder, before, attempt));
        } finally {
          await attempt('release', () => this.#release(holder)).catch(() => undefined);
        }
      },
    };
  }

  /** What a function sees that does not take the lease. */
  record(): UserRecord {
    const { holder: _, heldUntil: __, ...kept } = this.item;
    return { ...kept, recent: kept.recent.filter(({ at }) => this.#now() - at < staleMillis) };
  }

  #acquire(holder: number, heldMillis: number): UserRecord {
    const { heldUntil } = this.item;
    if (heldUntil !== undefined && heldUntil >= this.#now()) throw busy();
    this.item = { ...this.item, holder, heldUntil: this.#now() + heldMillis };
    return this.record();
  }

  #release(holder: number): void {
    if (this.item.holder === holder) this.item = { ...this.item, holder: undefined, heldUntil: undefined };
  }

  #held(holder: number, before: UserRecord, attempt: Attempt): HeldLease {
    const held = { ...before };
    const keep = (next: Partial<UserRecord>) =>
      attempt('write', () => {
        if (this.item.holder !== holder || (this.item.heldUntil ?? 0) <= this.#now()) throw busy();
        this.item = { ...this.item, ...next };
      });
    const write = async (next: Partial<Omit<UserRecord, 'recent'>>) => {
      await keep(next);
      Object.assign(held, next);
    };
    let { recent } = before;
    const note = async (serialNumber: string, notes: UserRecord['recent']) => {
      const next = [...recent.filter((one) => one.serialNumber !== serialNumber), ...notes];
      await keep({ recent: next });
      recent = next;
    };
    return Object.assign(held, {
      write,
      putGuard: (guard: UserRecord['guard']) => write({ guard }),
      liftGuard: () => write({ guard: undefined, pass: undefined }),
      putPass: (pass: UserRecord['pass']) => write({ pass }),
      record: (serialNumber: string, active: boolean) =>
        note(serialNumber, [{ serialNumber, active, at: this.#now() }]),
      forget: (serialNumber: string) =>
        note(
          serialNumber,
          before.recent.filter((one) => one.serialNumber === serialNumber),
        ),
    });
  }
}

const busy = () => new Problem('busy', 'Another change is in progress.', { retryAfter: 2 });
