/** What is found by method and path. */
export interface Route {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
}

export interface Match<R extends Route> {
  readonly route: R;
  /** Percent-decoded; null when the route has none. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

export type Router<R extends Route> = (method: string, path: string) => Match<R> | undefined;

/**
 * Finds the route of a request as leniently as any gateway could, so that the product is proved against all
 * of them: a double or trailing slash, dot segments and percent-encoding (of slashes too) lead to the same route.
 */
export function createRouter<R extends Route>(list: readonly R[]): Router<R> {
  const routes = list.map((route) => ({
    route,
    template: route.path.split('/').filter((part) => part !== ''),
  }));
  return (method, path) => {
    for (const segments of readings(path)) {
      const matches = routes
        .filter(({ route, template }) => route.method === method && fits(template, segments))
        .sort((one, other) => parametersIn(one.template) - parametersIn(other.template));
      const [best] = matches;
      if (best !== undefined) {
        return { route: best.route, pathParameters: parametersOf(best.template, segments) };
      }
    }
    return undefined;
  };
}

/** The ways to read a path: encoded slashes within a segment first, then as slashes. */
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

/** Drops empty and `.` segments; `..` drops the one before. */
function resolveDots(segments: readonly string[]): readonly string[] {
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') resolved.pop();
    else if (segment !== '' && segment !== '.') resolved.push(segment);
  }
  return resolved;
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
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
