import { type Preflight, preflightHeaders } from './preflight.ts';

/**
 * The resource of an OPTIONS method that API Gateway answers by itself, without authorization: a browser signs no
 * preflight.
 */
export function preflightMethod(
  preflight: Preflight,
  resourceId: string,
  allowedOrigins: readonly string[],
): { readonly Type: string; readonly Properties: Record<string, unknown> } {
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
