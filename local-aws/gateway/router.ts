/** Anything that is found by method and path. */
export interface Route {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
}

export interface Match<R extends Route> {
  readonly route: R;
  /** Percent-encoded as sent; null if the route has none. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

export type Router<R extends Route> = (method: string, path: string) => Match<R> | undefined;

/**
 * Routes requests as leniently as any gateway might, so that tests against it cover all of them: double and trailing
 * slashes, dot segments and percent-encoding (even of slashes) lead to the same route.
 */
export function createRouter<R extends Route>(list: readonly R[]): Router<R> {
  const routes = list.map((route) => ({
    route,
    template: route.path.split('/').filter((part) => part !== ''),
  }));
  return (method, path) => {
    for (const segments of readings(path)) {
      const candidates = routes
        .filter(({ route, template }) => route.method === method && matches(template, segments))
        .sort((one, other) => parametersIn(one.template) - parametersIn(other.template));
      const [best] = candidates;
      if (best !== undefined) {
        return { route: best.route, pathParameters: parametersOf(best.template, segments) };
      }
    }
    return undefined;
  };
}

/** A part of a path between slashes. */
interface Segment {
  readonly sent: string;
  readonly decoded: string;
}

/** The possible readings of a path: first with encoded slashes as part of a segment, then as separators. */
function readings(path: string): readonly (readonly Segment[])[] {
  return [/\//, /\/|%2f/i].map((slash) => resolveDots(path.split(slash).map(segment)));
}

function segment(sent: string): Segment {
  try {
    return { sent, decoded: decodeURIComponent(sent) };
  } catch {
    return { sent, decoded: sent };
  }
}

/** Drops empty and `.` segments; `..` drops the preceding one. */
function resolveDots(segments: readonly Segment[]): readonly Segment[] {
  const resolved: Segment[] = [];
  for (const one of segments) {
    if (one.decoded === '..') resolved.pop();
    else if (one.decoded !== '' && one.decoded !== '.') resolved.push(one);
  }
  return resolved;
}

function matches(template: readonly string[], segments: readonly Segment[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) => isParameter(part) || part === segments[index]?.decoded)
  );
}

function parametersOf(
  template: readonly string[],
  segments: readonly Segment[],
): Match<Route>['pathParameters'] {
  const entries = template.flatMap((part, index) =>
    isParameter(part) ? [[part.slice(1, -1), segments[index]?.sent ?? '']] : [],
  );
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

function parametersIn(template: readonly string[]): number {
  return template.filter(isParameter).length;
}

function isParameter(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}
