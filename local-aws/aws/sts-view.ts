import { stepAt, stepsForCode } from './totp.ts';

/** What STS needs to know about an enabled device. */
export interface Binding {
  readonly userId: string;
  readonly seed: string;
  /** Steps by which the device's clock is ahead. */
  readonly adjustment: number;
}

/** What STS knows about a serial number; plain data, for snapshots. */
export interface StsRow {
  visible: Binding | null;
  pending: readonly { readonly at: number; readonly binding: Binding | null }[];
  used: readonly { readonly seed: string; readonly step: number }[];
  attempts: { readonly window: number; readonly count: number };
}

export type Verification = 'ok' | 'invalid-code' | 'unable';

/** IAM shows changes at once, STS 8–14 s later (observed); this model uses a fixed delay. */
const propagationMs = 10_000;
const attemptsPerWindow = 9;
const usedStepsRange = 2000;
const attemptWindowMs = 180_000;
const retirementThreshold = 10_000;

/** STS's own, delayed view of the devices' bindings, with the codes used and the attempt budgets. */
export class StsView {
  #rows = new Map<string, StsRow>();

  /** Announces a device's binding, or its end (`null`), which becomes visible after the propagation delay. */
  announce(serialNumber: string, binding: Binding | null, now: number): void {
    if (this.#rows.size >= retirementThreshold) this.#retire(now);
    const row = this.#rows.get(serialNumber) ?? emptyRow();
    settle(row, now);
    row.pending = [...row.pending, { at: now + propagationMs, binding }];
    this.#rows.set(serialNumber, row);
  }

  /** Makes a binding visible at once, as if it were old. */
  establish(serialNumber: string, binding: Binding): void {
    this.#rows.set(serialNumber, { ...emptyRow(), visible: binding });
  }

  /** Verifies a code of the user's device. Every verification counts against the device's budget. */
  verify(serialNumber: string, userId: string, code: string, now: number): Verification {
    const row = this.#rows.get(serialNumber);
    if (row === undefined) return 'unable';
    settle(row, now);
    if (row.visible?.userId !== userId) return 'unable';
    if (!spendAttempt(row, now)) return 'unable';
    return consumeCode(row, row.visible, code, now) ? 'ok' : 'invalid-code';
  }

  rows(): readonly (readonly [string, StsRow])[] {
    return structuredClone([...this.#rows]);
  }

  restore(rows: readonly (readonly [string, StsRow])[]): void {
    this.#rows = new Map(structuredClone(rows));
  }

  /** Forgets serial numbers whose device no longer exists and whose attempt window is over. */
  #retire(now: number): void {
    for (const [serialNumber, row] of this.#rows) {
      settle(row, now);
      const idle = row.visible === null && row.pending.length === 0;
      if (idle && row.attempts.window < attemptWindow(now)) this.#rows.delete(serialNumber);
    }
  }
}

function emptyRow(): StsRow {
  return { visible: null, pending: [], used: [], attempts: { window: 0, count: 0 } };
}

function settle(row: StsRow, now: number): void {
  const due = row.pending.filter(({ at }) => at <= now);
  const latest = due.at(-1);
  if (latest === undefined) return;
  row.visible = latest.binding;
  row.pending = row.pending.slice(due.length);
}

function attemptWindow(now: number): number {
  return Math.floor(now / attemptWindowMs);
}

function spendAttempt(row: StsRow, now: number): boolean {
  const window = attemptWindow(now);
  const count = row.attempts.window === window ? row.attempts.count : 0;
  if (count >= attemptsPerWindow) return false;
  row.attempts = { window, count: count + 1 };
  return true;
}

function consumeCode(row: StsRow, { seed, adjustment }: Binding, code: string, now: number): boolean {
  const adjustedStep = stepAt(now) + adjustment;
  const isUsed = (step: number) => row.used.some((used) => used.step === step && used.seed === seed);
  const step = stepsForCode(seed, code, adjustedStep).find((candidate) => !isUsed(candidate));
  if (step === undefined) return false;
  // Used steps are remembered long after their window, since a resynchronisation can move the window back to them.
  const relevant = row.used.filter((used) => Math.abs(used.step - adjustedStep) < usedStepsRange);
  row.used = [...relevant, { seed, step }];
  return true;
}
