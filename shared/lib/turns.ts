/** Runs work as soon as it is its turn. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets at most `most` pieces of work run at a time, in the order in which they came. */
export function turns(most: number): Turn {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
