/** Whether a log line matches a filter pattern. */
export type LineFilter = (line: string) => boolean;

const pattern =
  /^\{ ?\$\.(?<path>\w+(?:\.\w+)*) (?:IS (?<kind>TRUE|FALSE|NULL)|(?<operator>!?=) (?<value>"[^"]*"|-?\d+(?:\.\d+)?)) ?\}$/;

const kinds: Readonly<Record<string, unknown>> = { TRUE: true, FALSE: false, NULL: null };

/**
 * Reads a filter pattern for JSON with one comparison, or the empty one, which matches everything. Throws an error for
 * any other. Source: "Filter pattern syntax", CloudWatch Logs user guide.
 */
export function parseFilterPattern(text: string): LineFilter {
  if (text === '') return () => true;
  const { path, kind, operator, value } = pattern.exec(text)?.groups ?? {};
  if (path === undefined) throw new Error(`The filter pattern ${text} is not supported here`);
  const steps = path.split('.');
  const wanted: unknown = kind === undefined ? JSON.parse(value ?? '') : kinds[kind];
  return (line) => {
    // Spares parsing most lines.
    if (!line.includes(`"${steps[0]}"`)) return false;
    const found = memberOf(parseJson(line), steps);
    return found !== undefined && (found === wanted) === (operator !== '!=');
  };
}

function memberOf(value: unknown, steps: readonly string[]): unknown {
  let found = value;
  for (const step of steps) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = Reflect.get(found, step);
  }
  return found;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
