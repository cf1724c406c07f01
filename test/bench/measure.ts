/** The value below which a share of the samples lies, by the nearest rank. Throws for no samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('There are no samples');
  return value;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** How far the slowest hundredth lies from the middle. */
export const tail = (samples: readonly number[]): number => percentile(samples, 0.99) / median(samples);

/** A copy in random order (Fisher and Yates). `random` gives numbers from 0 up to, but not, 1. */
export function shuffled<T>(items: readonly T[], random: () => number = Math.random): T[] {
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return order;
}

/**
 * Has every contestant measured once in each round, in an order that is drawn anew, so that whatever else the machine
 * does meets all of them alike. Answers the samples by the contestants' names.
 */
export async function interleave<Name extends string>(
  contestants: Readonly<Record<Name, () => number | Promise<number>>>,
  rounds: number,
  random?: () => number,
): Promise<Record<Name, number[]>> {
  const entries = Object.entries<() => number | Promise<number>>(contestants);
  const samples = new Map(entries.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of shuffled(entries, random)) samples.get(name)?.push(await measure());
  }
  return Object.fromEntries(samples) as Record<Name, number[]>;
}

/** Milliseconds that something takes. */
export async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
