import { parseArgs } from 'node:util';
import * as z from 'zod';

/** How long, and with which choices, histories are made. */
export interface SoakOptions {
  readonly seed: number;
  /** Ends after the round in which this time is over; real minutes. */
  readonly minutes?: number | undefined;
  /** Ends after so many rounds. */
  readonly rounds?: number | undefined;
  /** Actions between two quiet points. */
  readonly steps: number;
  /** Whether the folder with state and journal is kept. */
  readonly keep: boolean;
}

export const usage = `Usage: npm run soak -- [--minutes <n> | --rounds <n>] [--seed <n>] [--steps <n>] [--keep]

Makes random histories of users, thieves and a help desk against the local product, with faults, lost answers, clock
jumps and kill -9, and checks after each round what must always be true. Ends with 1 if it was not.

  --minutes  real time; default 5
  --rounds   number of rounds, in place of a time
  --seed     decides the choices; default 1
  --steps    actions in a round; default 600
  --keep     keep the folder with the state and the journal
`;

const whole = z.coerce.number('must be a whole number').int().min(1);

const schema = z.strictObject({
  seed: z.coerce.number('must be a whole number').int().min(0).default(1),
  minutes: z.coerce.number('must be a number').positive().optional(),
  rounds: whole.optional(),
  steps: whole.default(600),
  keep: z.boolean().default(false),
});

/** Throws an error that names the option. */
export function parseOptions(args: readonly string[]): SoakOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: text, rounds: text, seed: text, steps: text, keep: { type: 'boolean' } },
  });
  const options = schema.parse(values);
  const isEndless = options.minutes === undefined && options.rounds === undefined;
  return isEndless ? { ...options, minutes: 5 } : options;
}
