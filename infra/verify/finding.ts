import type { Target } from './targets.ts';

/** What a check found: it passed if there are no faults and nothing kept it from looking. */
export interface Outcome {
  readonly faults: readonly string[];
  /** Why it could not be checked. */
  readonly notChecked?: string;
  /** How the result is to be read. */
  readonly note?: string;
}

export interface Check {
  readonly name: string;
  readonly standsFor: readonly Target[];
  /** Whether the gate rests on it: a run without it must not look like a pass. */
  readonly gate?: boolean;
  /** Whether it removes what others may have left. */
  readonly cleansUp?: boolean;
  readonly run: () => Promise<Outcome>;
}

export interface Finding extends Outcome {
  readonly check: string;
  readonly standsFor: readonly Target[];
  readonly gate: boolean;
}

export const verdict = (...faults: readonly (string | false | undefined)[]): Outcome => ({
  faults: faults.filter((fault) => typeof fault === 'string'),
});

export const notChecked = (why: string): Outcome => ({ faults: [], notChecked: why });

/** A check that this run leaves out, and why. */
export const leftOut = (
  name: string,
  standsFor: readonly Target[],
  why: string,
  { gate = false }: Pick<Check, 'gate'> = {},
): Check => ({ name, standsFor, gate, run: async () => notChecked(why) });

export async function findingOf({ name, standsFor, gate = false, run }: Check): Promise<Finding> {
  return { ...(await run()), check: name, standsFor, gate };
}
