import type { Operation } from '../../shared/contract/operation.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { restApiId } from './logical-ids.ts';

/** Headers that a page may send: those that SigV4 needs, and those that the API reads. */
const requestHeaders = [
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'content-type',
  'accept',
];

/** Seconds for which a browser may cache the response to a preflight. */
const maxAge = 600;

/** A path of the API and its methods. */
export interface Preflight {
  readonly path: string;
  readonly methods: readonly string[];
}

/** The paths that answer preflight requests: all except the page's. */
export function preflightsOf(operations: readonly Operation[]): readonly Preflight[] {
  const called = operations.filter(({ path }) => path !== '/');
  const byPath = Map.groupBy(called, ({ path }) => path);
  return [...byPath]
    .map(([path, group]) => ({ path, methods: group.map(({ method }) => method).sort() }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * The headers of every response to a preflight. Whether a browser heeds them depends on
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
 * The resource of an OPTIONS method that API Gateway answers itself, without authorization: browsers do not sign
 * preflights.
 */
export function preflightMethod(preflight: Preflight, resourceId: string): TemplateResource {
  const headers = Object.entries(preflightHeaders(preflight)).map(
    ([name, value]) => [`method.response.header.${name}`, `'${value}'`] as const,
  );
  return {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: { Ref: restApiId },
      ResourceId: { Ref: resourceId },
      HttpMethod: 'OPTIONS',
      AuthorizationType: 'NONE',
      ApiKeyRequired: false,
      Integration: {
        Type: 'MOCK',
        // A preflight has no body; a request with another media type is refused.
        PassthroughBehavior: 'NEVER',
        RequestTemplates: { 'application/json': '{"statusCode":204}' },
        IntegrationResponses: [
          {
            StatusCode: '204',
            ResponseParameters: Object.fromEntries(headers),
            ResponseTemplates: { 'application/json': originTemplate },
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
 * Allows the request's origin if it is in the list that is the stage's variable. Templates look headers up
 * case-sensitively: HTTP/2 sends their names in lower case, HTTP/1.1 as browsers write them.
 */
const originTemplate = [
  '#set($origin = $input.params("Origin"))',
  '#if($origin == "")#set($origin = $input.params("origin"))#end',
  '#set($list = ",$stageVariables.allowedOrigins,")',
  '#set($entry = ",$origin,")',
  '#if($origin != "" && !$origin.contains(",") && $list.contains($entry))' +
    '#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)#end',
].join('\n');
