import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { expandResources } from '../../infra/policies/expand-resources.ts';
import { ofType, propertiesOf } from '../cloudformation/properties.ts';
import { gatewayResponseTypes } from '../gateway/gateway-responses.ts';
import { pathsOf } from '../gateway/rest-resources.ts';
import { onlyOne } from '../gateway/template-reader.ts';
import { parsePolicy } from '../policy/validate.ts';

/** What API Gateway tells of a REST API. The members of its parts have the names of its API. */
export interface LiveApi {
  readonly id: string;
  name: string;
  /** JSON. */
  policy: string | undefined;
  binaryMediaTypes: readonly string[];
  endpointTypes: readonly string[];
  resources: LiveResource[];
  gatewayResponses: LiveGatewayResponse[];
  stages: LiveStage[];
}

export interface LiveResource {
  readonly id: string;
  readonly path: string;
  resourceMethods: Record<string, LiveMethod>;
}

export interface LiveMethod {
  readonly httpMethod: string;
  authorizationType: string;
  apiKeyRequired: boolean;
  methodIntegration: Record<string, unknown>;
}

export interface LiveGatewayResponse {
  readonly responseType: string;
  statusCode?: string;
  responseParameters?: Record<string, string>;
  responseTemplates?: Record<string, string>;
  defaultResponse: boolean;
}

export interface LiveStage {
  readonly stageName: string;
  deploymentId: string;
  variables?: Record<string, string>;
  tracingEnabled: boolean;
  accessLogSettings?: Record<string, string>;
  /** By path and method, such as `*` + `/*`. */
  methodSettings: Record<string, Record<string, unknown>>;
}

const texts = z.record(z.string(), z.string());

const apiProperties = z.looseObject({
  Name: z.string(),
  Policy: z.exactOptional(z.unknown()),
  BinaryMediaTypes: z.array(z.string()).default([]),
  EndpointConfiguration: z.looseObject({ Types: z.array(z.string()) }).default({ Types: ['EDGE'] }),
});

const integrationResponse = z.looseObject({ StatusCode: z.string() });

const methodProperties = z.looseObject({
  ResourceId: z.string(),
  HttpMethod: z.string(),
  AuthorizationType: z.string(),
  ApiKeyRequired: z.boolean().default(false),
  Integration: z.looseObject({
    IntegrationHttpMethod: z.exactOptional(z.string()),
    IntegrationResponses: z.array(integrationResponse).default([]),
  }),
});

const responseProperties = z.looseObject({
  ResponseType: z.string(),
  StatusCode: z.exactOptional(z.string()),
  ResponseParameters: z.exactOptional(texts),
  ResponseTemplates: z.exactOptional(texts),
});

const setting = z.looseObject({ ResourcePath: z.string(), HttpMethod: z.string() });

const stageProperties = z.looseObject({
  StageName: z.string(),
  DeploymentId: z.string(),
  Variables: z.exactOptional(texts),
  TracingEnabled: z.boolean().default(false),
  AccessLogSetting: z.exactOptional(texts),
  MethodSettings: z.array(setting).default([]),
});

/** The REST API of a template right after its deployment. */
export function liveApiOf(
  resolved: ResolvedTemplate,
  {
    partition,
    region,
    accountId,
  }: { readonly partition: string; readonly region: string; readonly accountId: string },
): LiveApi {
  const named = onlyOne(resolved, 'AWS::ApiGateway::RestApi');
  const [, { ref: id }] = named;
  const { Name, Policy, BinaryMediaTypes, EndpointConfiguration } = propertiesOf(named, apiProperties);
  const apiArn = `arn:${partition}:execute-api:${region}:${accountId}:${id}`;
  const policy =
    Policy === undefined
      ? undefined
      : expandResources(parsePolicy(JSON.stringify(Policy), 'resource'), apiArn);
  return {
    id,
    name: Name,
    policy: policy && JSON.stringify(policy),
    binaryMediaTypes: BinaryMediaTypes,
    endpointTypes: EndpointConfiguration.Types,
    resources: liveResources(resolved),
    gatewayResponses: liveResponses(resolved),
    stages: ofType(resolved, 'AWS::ApiGateway::Stage').map((stage) =>
      liveStage(propertiesOf(stage, stageProperties)),
    ),
  };
}

function liveResources(resolved: ResolvedTemplate): LiveResource[] {
  const [, api] = onlyOne(resolved, 'AWS::ApiGateway::RestApi');
  const pathOf = pathsOf(resolved, api);
  const ids = [
    api.attributes['RootResourceId'] ?? '',
    ...ofType(resolved, 'AWS::ApiGateway::Resource').map(([, { ref }]) => ref),
  ];
  const methods = ofType(resolved, 'AWS::ApiGateway::Method').map((method) =>
    propertiesOf(method, methodProperties),
  );
  return ids.map((id) => ({
    id,
    path: pathOf(id),
    resourceMethods: Object.fromEntries(
      methods
        .filter(({ ResourceId }) => ResourceId === id)
        .map((method) => [method.HttpMethod, liveMethod(method)]),
    ),
  }));
}

function liveMethod({
  ResourceId,
  HttpMethod,
  AuthorizationType,
  ApiKeyRequired,
  Integration: { IntegrationHttpMethod, IntegrationResponses, ...integration },
}: z.output<typeof methodProperties>): LiveMethod {
  return {
    httpMethod: HttpMethod,
    authorizationType: AuthorizationType,
    apiKeyRequired: ApiKeyRequired,
    methodIntegration: {
      // What API Gateway adds.
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      cacheNamespace: ResourceId,
      cacheKeyParameters: [],
      ...camelCased(integration),
      ...(IntegrationHttpMethod !== undefined && { httpMethod: IntegrationHttpMethod }),
      integrationResponses: Object.fromEntries(
        IntegrationResponses.map((response) => [response.StatusCode, camelCased(response)]),
      ),
    },
  };
}

/** Of every type: those that the template lacks are API Gateway's own. */
function liveResponses(resolved: ResolvedTemplate): LiveGatewayResponse[] {
  const ours = ofType(resolved, 'AWS::ApiGateway::GatewayResponse').map((named) => {
    const { RestApiId: _, ...properties } = propertiesOf(named, responseProperties);
    return { ...camelCased(properties), responseType: properties.ResponseType, defaultResponse: false };
  });
  const customised = new Set(ours.map(({ responseType }) => responseType));
  const own = gatewayResponseTypes
    .filter((type) => !customised.has(type))
    .map((responseType) => ({
      responseType,
      responseParameters: {},
      responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
      defaultResponse: true,
    }));
  return [...ours, ...own];
}

function liveStage(stage: z.output<typeof stageProperties>): LiveStage {
  const { StageName, DeploymentId, Variables, TracingEnabled, AccessLogSetting, MethodSettings } = stage;
  return {
    stageName: StageName,
    deploymentId: DeploymentId,
    ...(Variables !== undefined && { variables: Variables }),
    tracingEnabled: TracingEnabled,
    ...(AccessLogSetting !== undefined && {
      accessLogSettings: {
        format: AccessLogSetting['Format'] ?? '',
        // It is kept without the suffix for its streams.
        destinationArn: (AccessLogSetting['DestinationArn'] ?? '').replace(/:\*$/, ''),
      },
    }),
    methodSettings: Object.fromEntries(
      MethodSettings.map(({ ResourcePath, HttpMethod, ...settings }) => [
        `${ResourcePath.replace(/^\//, '')}/${HttpMethod}`,
        { ...camelCased(settings), cacheTtlInSeconds: 300, cacheDataEncrypted: false },
      ]),
    ),
  };
}

/** CloudFormation's names of properties in API Gateway's spelling; numbers that are text become numbers. */
function camelCased(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      name.startsWith('Throttling') ? Number(value) : value,
    ]),
  );
}
