/** Anything that is found by method and path. */
export interface Route {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
}

export interface Match<R extends Route> {
  readonly route: R;
  /** Percent-decoded; null if the route has none. */
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

/** The possible readings of a path: first with encoded slashes as part of a segment, then as separators. */
function readings(path: string): readonly (readonly string[])[] {
  return [resolveDots(path.split('/').map(decode)), resolveDots(decode(path).split('/'))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Drops empty and `.` segments; `..` drops the preceding one. */
function resolveDots(segments: readonly string[]): readonly string[] {
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') resolved.pop();
    else if (segment !== '' && segment !== '.') resolved.push(segment);
  }
  return resolved;
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) => isParameter(part) || part === segments[index])
  );
}

function parametersOf(
  template: readonly string[],
  segments: readonly string[],
): Match<Route>['pathParameters'] {
  const entries = template.flatMap((part, index) =>
    isParameter(part) ? [[part.slice(1, -1), segments[index] ?? '']] : [],
  );
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

function parametersIn(template: readonly string[]): number {
  return template.filter(isParameter).length;
}

function isParameter(part: string): boolean {
  return part.startsWith('{') && part.endsWith('}');
}
