import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { functionNameIn, type MayInvoke, permissionsOf } from '../cloudformation/lambda.ts';
import { number, ofType, propertiesOf } from '../cloudformation/properties.ts';
import { type MockIntegration, methodResponses, mockProperties, readMock } from './mock-integration.ts';
import { pathsOf } from './rest-resources.ts';
import type { Route } from './router.ts';
import { assertPartOf, off } from './template-reader.ts';

/** A method of an API and what serves it. */
export interface RestMethod extends Route {
  readonly logicalId: string;
  readonly authorization: 'AWS_IAM' | 'NONE';
  readonly integration: LambdaIntegration | MockIntegration;
}

/** A Lambda proxy integration. */
export interface LambdaIntegration {
  readonly type: 'AWS_PROXY';
  readonly functionName: string;
  /** Whether the function's own policy lets the API invoke it. */
  readonly permitted: boolean;
  readonly timeoutMs: number;
}

/** Milliseconds. Source: API Gateway quotas. */
const longestTimeout = 29_000;

const lambdaProperties = z.strictObject({
  Type: z.literal('AWS_PROXY'),
  // Lambda's own API takes nothing else, whatever the method.
  IntegrationHttpMethod: z.literal('POST'),
  Uri: z.string(),
  TimeoutInMillis: z.exactOptional(number.pipe(z.int().min(50).max(longestTimeout))),
});

const schema = z.strictObject({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.enum(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']),
  AuthorizationType: z.enum(['AWS_IAM', 'NONE']),
  ApiKeyRequired: off,
  RequestParameters: z.exactOptional(z.strictObject({})),
  Integration: z.discriminatedUnion('Type', [lambdaProperties, mockProperties]),
  MethodResponses: methodResponses.default([]),
});

/** Reads every `AWS::ApiGateway::Method`. @param stage the name of the stage that serves them */
export function methodsOf(
  resolved: ResolvedTemplate,
  api: ResolvedResource,
  stage: string,
): readonly RestMethod[] {
  const pathOf = pathsOf(resolved, api);
  const functions = functionsOf(resolved);
  const methods = ofType(resolved, 'AWS::ApiGateway::Method').map((named): RestMethod => {
    const properties = propertiesOf(named, schema);
    assertPartOf(api, named, properties.RestApiId);
    const path = pathOf(properties.ResourceId);
    const { HttpMethod: method, AuthorizationType: authorization, Integration, MethodResponses } = properties;
    try {
      const integration =
        Integration.Type === 'MOCK'
          ? readMock(Integration, MethodResponses)
          : readLambda(Integration, functions, `${api.ref}/${stage}/${method}${path}`);
      return { logicalId: named[0], method, path, authorization, integration };
    } catch (cause) {
      throw new Error(`${named[0]}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  });
  assertDistinct(methods);
  return methods;
}

/** The functions of a template. */
interface Functions {
  readonly names: ReadonlySet<string>;
  readonly mayInvoke: MayInvoke;
}

const functionsOf = (resolved: ResolvedTemplate): Functions => ({
  names: new Set(ofType(resolved, 'AWS::Lambda::Function').map(([, { ref }]) => ref)),
  mayInvoke: permissionsOf(resolved),
});

/** @param resource the method as execute-api's ARNs name it */
function readLambda(
  { Uri, TimeoutInMillis = longestTimeout }: z.output<typeof lambdaProperties>,
  { names, mayInvoke }: Functions,
  resource: string,
): LambdaIntegration {
  const uri = /^arn:([^:]+):apigateway:([^:]+):lambda:path\/2015-03-31\/functions\/([^/]+)\/invocations$/;
  const [, partition, region, functionArn = ''] = uri.exec(Uri) ?? [];
  const functionName = functionNameIn(functionArn);
  if (!names.has(functionName)) throw new Error(`the template has no function for ${Uri}`);
  const accountId = functionArn.split(':')[4];
  const sourceArn = `arn:${partition}:execute-api:${region}:${accountId}:${resource}`;
  return {
    type: 'AWS_PROXY',
    functionName,
    permitted: mayInvoke(functionName, { service: 'apigateway.amazonaws.com', sourceArn }),
    timeoutMs: TimeoutInMillis,
  };
}

function assertDistinct(methods: readonly RestMethod[]): void {
  for (const [route, group] of Map.groupBy(methods, ({ method, path }) => `${method} ${path}`)) {
    if (group.length > 1)
      throw new Error(`${group.map(({ logicalId }) => logicalId).join(', ')}: ${route} twice`);
  }
}
