import type { Operation } from '../../shared/contract/operation.ts';
import type { CompiledResource } from './cloudformation.ts';

/** Headers that a page may send: what a request signed with SigV4 needs, and what the API reads. */
const requestHeaders = [
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'content-type',
  'accept',
];

/** Seconds that a browser may keep the answer to a preflight. */
const maxAge = 600;

/** A path of the API and the methods that it has. */
export interface Preflight {
  readonly path: string;
  readonly methods: readonly string[];
}

/** The paths that answer preflight requests: all but the page's, or none when no origin may call. */
export function preflightsOf(
  operations: readonly Operation[],
  allowedOrigins: readonly string[],
): readonly Preflight[] {
  if (allowedOrigins.length === 0) return [];
  const called = operations.filter(({ path }) => path !== '/');
  const byPath = Map.groupBy(called, ({ path }) => path);
  return [...byPath]
    .map(([path, group]) => ({ path, methods: group.map(({ method }) => method).sort() }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * The headers that every answer to a preflight has. Whether a browser heeds them depends on
 * `access-control-allow-origin`, which only configured origins get. Credentials (cookies) are never allowed.
 */
export function preflightHeaders({ methods }: Pick<Preflight, 'methods'>): Readonly<Record<string, string>> {
  return {
    'access-control-allow-methods': methods.join(','),
    'access-control-allow-headers': requestHeaders.join(','),
    'access-control-max-age': String(maxAge),
    'cache-control': 'no-store',
    vary: 'origin',
  };
}

/**
 * What API Gateway's own refusals say to browsers. Its gateway responses know no conditions, and reflecting the
 * request's origin would open them to every page; so of several origins the first is the one that can read them.
 */
export function refusalHeaders(allowedOrigins: readonly string[]): Readonly<Record<string, string>> {
  const [first] = allowedOrigins;
  return first === undefined ? {} : { 'access-control-allow-origin': first, vary: 'origin' };
}

/**
 * The resource of an OPTIONS method that API Gateway answers by itself, without authorization: a browser signs no
 * preflight.
 */
export function preflightMethod(
  preflight: Preflight,
  resourceId: string,
  allowedOrigins: readonly string[],
): CompiledResource {
  const headers = Object.entries(preflightHeaders(preflight)).map(
    ([name, value]) => [`method.response.header.${name}`, `'${value}'`] as const,
  );
  return {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: { Ref: 'ApiGatewayRestApi' },
      ResourceId: { Ref: resourceId },
      HttpMethod: 'OPTIONS',
      AuthorizationType: 'NONE',
      ApiKeyRequired: false,
      Integration: {
        Type: 'MOCK',
        // A preflight has no body; whatever says that it has one is not answered.
        PassthroughBehavior: 'NEVER',
        RequestTemplates: { 'application/json': '{"statusCode":204}' },
        IntegrationResponses: [
          {
            StatusCode: '204',
            ResponseParameters: Object.fromEntries(headers),
            ResponseTemplates: { 'application/json': originTemplate(allowedOrigins) },
          },
        ],
      },
      MethodResponses: [
        {
          StatusCode: '204',
          ResponseParameters: Object.fromEntries(headers.map(([name]) => [name, true])),
        },
      ],
    },
  };
}

/**
 * Names the request's origin as allowed if it is one of those configured, compared as a whole. HTTP/2 has header
 * names in lower case, HTTP/1.1 as browsers write them, and the template compares them by case.
 */
function originTemplate(allowedOrigins: readonly string[]): string {
  const known = allowedOrigins.map((origin) => `$origin == "${origin}"`).join(' || ');
  return [
    '#set($origin = $input.params("Origin"))',
    '#if($origin == "")#set($origin = $input.params("origin"))#end',
    `#if(${known})#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end`,
  ].join('\n');
}
