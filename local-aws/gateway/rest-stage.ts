import * as z from 'zod';
import type { ResolvedResource, ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { ignored, number, propertiesOf } from '../cloudformation/properties.ts';
import type { StageVariables } from './mapping.ts';
import type { RestMethod } from './rest-methods.ts';
import { assertPartOf, off, onlyOne } from './template-reader.ts';
import type { Throttling } from './throttle.ts';

const methodSetting = z.strictObject({
  ResourcePath: z.string().startsWith('/'),
  HttpMethod: z.string(),
  ThrottlingRateLimit: z.exactOptional(number),
  ThrottlingBurstLimit: z.exactOptional(number),
  CachingEnabled: off,
  DataTraceEnabled: ignored('there are no execution logs'),
  LoggingLevel: ignored('there are no execution logs'),
  MetricsEnabled: ignored('there are no metrics'),
});

const schema = z.strictObject({
  RestApiId: z.string(),
  DeploymentId: z.string(),
  StageName: z.string().regex(/^[\w-]{1,128}$/),
  // Source: Stage, API Gateway API reference.
  Variables: z.record(z.string().regex(/^\w+$/), z.string().regex(/^[A-Za-z0-9._~:/?#&=,-]+$/)).default({}),
  MethodSettings: z.array(methodSetting).default([]),
  AccessLogSetting: ignored('requests are printed instead'),
  Description: ignored('for people'),
  Tags: ignored('for people'),
  TracingEnabled: ignored('there is no X-Ray'),
});

/** The `AWS::ApiGateway::Stage` of a template. */
export interface RestStage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: StageVariables;
  /** By method and path; `everything` for those without their own. */
  readonly settings: ReadonlyMap<string, Throttling | undefined>;
}

/** The key of the setting for all methods. */
const everything = '* /*';

export function stageOf(resolved: ResolvedTemplate, api: ResolvedResource): RestStage {
  const named = onlyOne(resolved, 'AWS::ApiGateway::Stage');
  const properties = propertiesOf(named, schema);
  assertPartOf(api, named, properties.RestApiId);
  return {
    name: properties.StageName,
    deploymentId: properties.DeploymentId,
    variables: properties.Variables,
    settings: new Map(properties.MethodSettings.map((setting) => [keyOf(setting), limitsOf(setting)])),
  };
}

/** The methods with their limits. Throws if the stage has a setting for a method that does not exist. */
export function throttled<Method extends Pick<RestMethod, 'method' | 'path'>>(
  methods: readonly Method[],
  { settings }: RestStage,
): readonly (Method & { readonly throttling?: Throttling })[] {
  const keys = new Set(methods.map(({ method, path }) => `${method} ${path}`));
  const unknown = [...settings.keys()].find((key) => key !== everything && !keys.has(key));
  if (unknown !== undefined)
    throw new Error(`The stage has a setting for a method that the API lacks: ${unknown}`);
  return methods.map((method) => {
    const throttling = settings.get(`${method.method} ${method.path}`) ?? settings.get(everything);
    return { ...method, ...(throttling && { throttling }) };
  });
}

/** Slashes after the first are written `~1`. Source: AWS::ApiGateway::Stage MethodSetting, CloudFormation guide. */
const keyOf = ({ HttpMethod, ResourcePath }: z.output<typeof methodSetting>): string =>
  `${HttpMethod} ${ResourcePath.replace(/^\/~1/, '/').replaceAll('~1', '/')}`;

function limitsOf({
  ThrottlingRateLimit: rate,
  ThrottlingBurstLimit: burst,
}: z.output<typeof methodSetting>): Throttling | undefined {
  return rate === undefined || burst === undefined ? undefined : { rate, burst };
}
