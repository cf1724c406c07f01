/** Facts about one thing, by name; what is undefined does not exist. */
export type Facts = Readonly<Record<string, unknown>>;

/** The same text for values that are equal: keys are sorted, nothing is the same as empty. */
export function factText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '' : JSON.stringify(value);
  const entries = Object.entries(value)
    .map(([key, member]) => [key, factText(member)] as const)
    .filter(([, text]) => text !== '')
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.length === 0 ? '' : JSON.stringify(entries);
}

const longest = 120;

/** The expected facts that are found to be others, in words. @param what of which they are facts */
export function factDifferences(what: string, expected: Facts, found: Facts): readonly string[] {
  return Object.keys(expected).flatMap((name) => {
    const [wanted, actual] = [factText(expected[name]), factText(found[name])];
    if (wanted === actual) return [];
    const isShort = wanted.length <= longest && actual.length <= longest;
    return [`${what}: ${name} ${isShort ? `is ${actual || 'empty'}, not ${wanted || 'empty'}` : 'differs'}`];
  });
}

/** Differences of things that have names: those that both have, and those that only one has. */
export function namedDifferences(
  expected: ReadonlyMap<string, Facts>,
  found: ReadonlyMap<string, Facts>,
): readonly string[] {
  return [
    ...[...expected].flatMap(([name, facts]) => {
      const actual = found.get(name);
      return actual === undefined ? [`${name} was removed`] : factDifferences(name, facts, actual);
    }),
    ...[...found.keys()].filter((name) => !expected.has(name)).map((name) => `${name} was added`),
  ];
}
