/** The nearest-rank percentile for a share of the samples. Throws for no samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('There are no samples');
  return value;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** How far the slowest hundredth is from the median. */
export const tail = (samples: readonly number[]): number => percentile(samples, 0.99) / median(samples);

/** A shuffled copy (Fisher-Yates). `random` returns numbers from 0 up to but excluding 1. */
export function shuffled<T>(items: readonly T[], random: () => number = Math.random): T[] {
  const rest = [...items];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return order;
}

/**
 * Measures every contestant once per round, in a new random order, so that other load on the machine affects all
 * of them alike. Returns the samples by contestant.
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

/** How many milliseconds something takes. */
export async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
