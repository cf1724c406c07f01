import { parseArgs } from 'node:util';
import * as z from 'zod';

export interface LoadOptions {
  /** Real minutes. */
  readonly minutes: number;
  /** Clients that each have one request under way. */
  readonly clients: number;
  /** Resident memory that the local product may take, in MB. */
  readonly limit: number;
}

export const usage = `Usage: npm run load -- [--minutes <n>] [--clients <n>] [--limit <MB>]

Starts the local product, sends requests to every operation of the API, and prints how much memory it takes and how
it answers. Ends with 1 if it took more than the limit, answered 5xx or not at all, or an operation was left out.

  --minutes  real time; default 10
  --clients  how many send at once; default 64
  --limit    resident memory in MB; default 700
`;

const whole = z.coerce.number('must be a whole number').int().min(1);

const schema = z.strictObject({
  minutes: z.coerce.number('must be a number').positive().default(10),
  clients: whole.default(64),
  limit: whole.default(700),
});

/** Throws an error that names the option. */
export function parseOptions(args: readonly string[]): LoadOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...args], options: { minutes: text, clients: text, limit: text } });
  return schema.parse(values);
}
