import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { ignored, ofType, propertiesOf } from '../cloudformation/properties.ts';
import { parsePolicy } from '../policy/validate.ts';
import type { PolicyDocument } from '../principal.ts';
import { type GatewayResponses, readGatewayResponse } from './gateway-responses.ts';
import type { StageVariables } from './mapping.ts';
import { methodsOf, type RestMethod } from './rest-methods.ts';
import { type RestStage, stageOf, throttled } from './rest-stage.ts';
import { assertPartOf, onlyOne } from './template-reader.ts';
import type { Throttling } from './throttle.ts';

export type { LambdaIntegration } from './rest-methods.ts';

/** A REST API as its stage serves it. */
export interface RestApi {
  readonly id: string;
  /** With resources in short form, as deployed. */
  readonly policy?: PolicyDocument;
  readonly binaryMediaTypes: readonly string[];
  readonly stage: { readonly name: string; readonly variables: StageVariables };
  readonly methods: readonly ThrottledMethod[];
  /** By type. */
  readonly gatewayResponses: GatewayResponses;
}

export interface ThrottledMethod extends RestMethod {
  readonly throttling?: Throttling;
}

const apiProperties = z.strictObject({
  Name: z.string(),
  Policy: z.exactOptional(z.union([z.string(), z.record(z.string(), z.unknown())])),
  BinaryMediaTypes: z.array(z.string()).default([]),
  EndpointConfiguration: z.exactOptional(
    z.strictObject({
      Types: z.tuple([z.enum(['EDGE', 'REGIONAL'])]),
      IpAddressType: ignored('the local gateway listens on 127.0.0.1 alone'),
    }),
  ),
  Description: ignored('for people'),
  Tags: ignored('for people'),
});

const deploymentProperties = z.strictObject({ RestApiId: z.string(), Description: ignored('for people') });

/** What of API Gateway can be served. */
const served = ['RestApi', 'Resource', 'Method', 'Deployment', 'Stage', 'GatewayResponse'];

/**
 * Reads the only REST API of a template, with everything that belongs to it. Throws an error that names the resource
 * and property which API Gateway would refuse or leave out, or which is not served locally.
 */
export function restApiOf(resolved: ResolvedTemplate): RestApi {
  assertServed(resolved);
  const named = onlyOne(resolved, 'AWS::ApiGateway::RestApi');
  const [, api] = named;
  const { Policy, BinaryMediaTypes } = propertiesOf(named, apiProperties);
  const stage = stageOf(resolved, api);
  const methods = methodsOf(resolved, api, stage.name);
  assertInSnapshot(resolved, api, stage);
  return {
    id: api.ref,
    ...(Policy !== undefined && { policy: policyOf(Policy) }),
    binaryMediaTypes: BinaryMediaTypes,
    stage: { name: stage.name, variables: stage.variables },
    methods: throttled(methods, stage),
    gatewayResponses: gatewayResponsesOf(resolved, api, stage.variables),
  };
}

const policyOf = (policy: unknown): PolicyDocument =>
  parsePolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), 'resource');

function assertServed({ resources }: ResolvedTemplate): void {
  for (const [logicalId, { type }] of Object.entries(resources)) {
    const [service, kind] = type.split(/::(?=\w+$)/);
    if (service === 'AWS::ApiGateway' && !served.includes(kind ?? '')) {
      throw new Error(`${logicalId}: ${type} is not supported`);
    }
  }
}

/**
 * A deployment has what exists when it is made. CloudFormation makes it as soon as what it depends on is there, so
 * whatever else is in the template may come too late and would not be served.
 */
function assertInSnapshot(
  resolved: ResolvedTemplate,
  api: ResolvedResource,
  { deploymentId }: RestStage,
): void {
  const named = ofType(resolved, 'AWS::ApiGateway::Deployment').find(([, { ref }]) => ref === deploymentId);
  if (named === undefined) throw new Error(`The stage serves no deployment of the template: ${deploymentId}`);
  assertPartOf(api, named, propertiesOf(named, deploymentProperties).RestApiId);
  const before = dependenciesOf(resolved.resources, named[0]);
  const parts = ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse'];
  const late = parts
    .flatMap((type) => ofType(resolved, type))
    .filter(([logicalId]) => !before.has(logicalId));
  if (late.length > 0) {
    throw new Error(`${named[0]} does not depend on ${late.map(([logicalId]) => logicalId).join(', ')}`);
  }
}

/** The logical ids of what a resource depends on, also through others. */
function dependenciesOf(
  resources: ResolvedTemplate['resources'],
  logicalId: string,
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const dependency of resources[logicalId]?.dependsOn ?? []) {
    if (found.has(dependency)) continue;
    found.add(dependency);
    dependenciesOf(resources, dependency, found);
  }
  return found;
}

function gatewayResponsesOf(
  resolved: ResolvedTemplate,
  api: ResolvedResource,
  variables: StageVariables,
): GatewayResponses {
  const responses = new Map<string, ReturnType<typeof readGatewayResponse>['response']>();
  for (const named of ofType(resolved, 'AWS::ApiGateway::GatewayResponse')) {
    const { restApiId, type, response } = readGatewayResponse(named, variables);
    assertPartOf(api, named, restApiId);
    if (responses.has(type)) throw new Error(`${named[0]}: there is another response ${type}`);
    responses.set(type, response);
  }
  return responses;
}
