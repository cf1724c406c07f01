import {
  type GatewayResponse,
  GetGatewayResponsesCommand,
  type Method,
  paginateGetResources,
  type Resource,
} from '@aws-sdk/client-api-gateway';
import * as z from 'zod';
import { restApiId as restApiLogicalId } from '../template/logical-ids.ts';
import type { Aws } from './aws.ts';
import { type Deployed, ofType } from './deployed.ts';
import { type Facts, namedDifferences } from './facts.ts';
import { checked, compared, type Finding } from './finding.ts';

const pageSize = 500;
const todo = [
  'Somebody changed it by hand since the last deployment, and a deployment would publish that. Set it back first',
  '(docs/operate.md, “Changes outside this repository”).',
];

/** Who may call which method, and what serves it. */
export const methodsFinding = ({ apiGateway: client }: Aws, deployed: Deployed): Promise<Finding> =>
  checked('methods', `apigateway:GET on /restapis/${deployed.apiId}/resources`, async () => {
    const input = { restApiId: deployed.apiId, embed: ['methods'], limit: pageSize };
    const resources: Resource[] = [];
    for await (const page of paginateGetResources({ client }, input)) resources.push(...(page.items ?? []));
    return compared('methods', namedDifferences(expectedMethods(deployed), liveMethods(resources)), ...todo);
  });

const methodProperties = z.looseObject({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.string(),
  Integration: z.looseObject({
    Type: z.string(),
    IntegrationResponses: z.array(z.looseObject({ StatusCode: z.string() })).default([]),
  }),
});

/** By method and path. */
function expectedMethods(deployed: Deployed): ReadonlyMap<string, Facts> {
  return new Map(
    ofType(deployed, 'AWS::ApiGateway::Method').map(({ properties }) => {
      const method = methodProperties.parse(properties);
      const { Integration: integration } = method;
      return [
        `${method.HttpMethod} ${pathOf(deployed, method.ResourceId)}`,
        {
          authorizationType: method.AuthorizationType,
          authorizer: method['AuthorizerId'],
          apiKeyRequired: method['ApiKeyRequired'] ?? false,
          'type of integration': integration.Type,
          uri: integration['Uri'],
          'method of integration': integration['IntegrationHttpMethod'],
          credentials: integration['Credentials'],
          timeout: integration['TimeoutInMillis'] ?? longestTimeout,
          passthrough: integration['PassthroughBehavior'] ?? 'WHEN_NO_MATCH',
          'parameters of the request': integration['RequestParameters'],
          'templates of the request': integration['RequestTemplates'],
          responses: integration.IntegrationResponses.map((response) => [
            response.StatusCode,
            response['SelectionPattern'],
            response['ResponseParameters'],
            response['ResponseTemplates'],
          ]).map(byMembers),
        },
      ];
    }),
  );
}

/** Milliseconds; API Gateway's default. */
const longestTimeout = 29_000;

const liveMethods = (resources: readonly Resource[]): ReadonlyMap<string, Facts> =>
  new Map(
    resources.flatMap(({ path, resourceMethods = {} }) =>
      Object.entries(resourceMethods).map(
        ([name, method]) => [`${name} ${path}`, liveFacts(method)] as const,
      ),
    ),
  );

function liveFacts({ authorizationType, authorizerId, apiKeyRequired, methodIntegration }: Method): Facts {
  const integration = methodIntegration ?? {};
  return {
    authorizationType,
    authorizer: authorizerId,
    apiKeyRequired: apiKeyRequired ?? false,
    'type of integration': integration.type,
    uri: integration.uri,
    'method of integration': integration.httpMethod,
    credentials: integration.credentials,
    timeout: integration.timeoutInMillis ?? longestTimeout,
    passthrough: integration.passthroughBehavior ?? 'WHEN_NO_MATCH',
    'parameters of the request': integration.requestParameters,
    'templates of the request': integration.requestTemplates,
    responses: Object.entries(integration.integrationResponses ?? {})
      .map(([status, response]) => [
        status,
        response.selectionPattern,
        response.responseParameters,
        response.responseTemplates,
      ])
      .map(byMembers),
  };
}

/** A response of an integration; as an object, so that the order of its members does not count. */
const byMembers = ([status, pattern, parameters, templates]: readonly unknown[]) => ({
  status,
  pattern: pattern ?? '',
  parameters: sortedEntries(parameters),
  templates: sortedEntries(templates),
});

const sortedEntries = (map: unknown): readonly unknown[] =>
  Object.entries(Object(map ?? {})).sort(([one], [other]) => (one < other ? -1 : 1));

/** The path of a resource of the template. */
function pathOf(deployed: Deployed, resourceId: string): string {
  const root = deployed.resources[restApiLogicalId]?.attributes['RootResourceId'];
  const under = (id: string): string => {
    if (id === root) return '';
    const resource = ofType(deployed, 'AWS::ApiGateway::Resource').find(({ ref }) => ref === id);
    const { ParentId, PathPart } = resource?.properties ?? {};
    return resource === undefined ? '?' : `${under(String(ParentId))}/${PathPart}`;
  };
  return under(resourceId) || '/';
}

/** What API Gateway itself answers. Those that nobody customised are its own. */
export const responsesFinding = ({ apiGateway }: Aws, deployed: Deployed): Promise<Finding> =>
  checked('gateway responses', `apigateway:GET on /restapis/${deployed.apiId}/gatewayresponses`, async () => {
    const input = { restApiId: deployed.apiId, limit: pageSize };
    const { items = [] } = await apiGateway.send(new GetGatewayResponsesCommand(input));
    const differences = namedDifferences(
      new Map(
        ofType(deployed, 'AWS::ApiGateway::GatewayResponse').map(({ properties }) =>
          expectedResponse(properties),
        ),
      ),
      new Map(items.filter(({ defaultResponse }) => !defaultResponse).map(liveResponse)),
    );
    return compared('gateway responses', differences, ...todo);
  });

const expectedResponse = (properties: Facts): readonly [string, Facts] => [
  String(properties['ResponseType']),
  {
    status: properties['StatusCode'],
    headers: properties['ResponseParameters'],
    templates: properties['ResponseTemplates'],
  },
];

const liveResponse = (response: GatewayResponse): readonly [string, Facts] => [
  response.responseType ?? '',
  {
    status: response.statusCode,
    headers: response.responseParameters,
    templates: response.responseTemplates,
  },
];
