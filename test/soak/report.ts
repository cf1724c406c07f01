import type { Person } from './person.ts';

/** Something that must not happen. */
export interface Violation {
  readonly rule: string;
  readonly what: string;
  readonly round: number;
  readonly actions: readonly string[];
}

const most = 20;

/** Counts what was done, and keeps what should not have happened. */
export class Report {
  readonly violations: Violation[] = [];
  readonly #counts = new Map<string, number>();
  round = 0;

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  countOf(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  violation(rule: string, what: string, person?: Person): void {
    this.violations.push({ rule, what, round: this.round, actions: [...(person?.actions ?? [])] });
  }

  /** Too much is wrong for more to be learned. */
  get isHopeless(): boolean {
    return this.violations.length >= most;
  }

  lines(): readonly string[] {
    const counts = [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1));
    return [
      ...counts.map(([what, count]) => `${String(count).padStart(8)}  ${what}`),
      ...this.violations.flatMap(({ rule, what, round, actions }) => [
        '',
        `VIOLATION in round ${round}: ${rule}`,
        `  ${what}`,
        ...actions.map((action) => `    ${action}`),
      ]),
      '',
      `${this.violations.length} violations`,
    ];
  }
}
