import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { matchesArn } from '../policy/pattern.ts';
import { type DeployedRole, rolesOf, trusts } from './iam.ts';
import { attributeOf, identifying, ignored, integer, resourcesOf } from './properties.ts';

const functionProperties = z.strictObject({
  FunctionName: identifying,
  Handler: z.string().regex(/^dist\/[a-z-]+\/index\.handler$/, 'must be dist/<name>/index.handler'),
  Role: z.string(),
  Runtime: z.literal('nodejs24.x'),
  Timeout: integer.default(3),
  MemorySize: integer.default(128),
  Environment: z
    .strictObject({ Variables: z.record(z.string(), z.coerce.string()) })
    .default({ Variables: {} }),
  ReservedConcurrentExecutions: z.exactOptional(integer),
  Code: ignored('the functions run from their source, or from bundles of it'),
  Architectures: ignored("they run on this machine's processor"),
  TracingConfig: ignored('there is no X-Ray'),
});

const invokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: integer.default(2),
  MaximumEventAgeInSeconds: integer.default(21_600),
  DestinationConfig: z
    .strictObject({ OnFailure: z.exactOptional(z.strictObject({ Destination: z.string() })) })
    .default({}),
});

const permissionProperties = z.strictObject({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.exactOptional(z.string()),
  SourceAccount: z.exactOptional(z.string()),
});

/** What becomes of an asynchronous invocation that fails. */
export interface InvokeConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** The ARN of what failed events are sent to. */
  readonly onFailure?: string;
}

export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** The kebab-case name in its handler, by which its code is found. */
  readonly code: string;
  readonly roleName: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly asynchronous: InvokeConfig;
}

const defaultInvokeConfig: InvokeConfig = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 };

/** The functions. As Lambda does, refuses one whose role it cannot assume. */
export function functionsOf(resolved: ResolvedTemplate): readonly DeployedFunction[] {
  const roles = new Map(rolesOf(resolved).map((role) => [role.arn, role]));
  const invokeConfigs = invokeConfigsOf(resolved);
  return resourcesOf(resolved, 'AWS::Lambda::Function', functionProperties).map((lambda) => {
    const { Handler, Role, Timeout, MemorySize, Environment, ReservedConcurrentExecutions } =
      lambda.properties;
    return {
      name: lambda.ref,
      arn: attributeOf(lambda, 'Arn'),
      code: Handler.split('/')[1] ?? '',
      roleName: assumable(roles.get(Role), `${lambda.logicalId}: ${Role}`).name,
      timeoutSeconds: Timeout,
      memoryMegabytes: MemorySize,
      variables: Environment.Variables,
      ...(ReservedConcurrentExecutions !== undefined && {
        reservedConcurrency: ReservedConcurrentExecutions,
      }),
      asynchronous: invokeConfigs.get(lambda.ref) ?? defaultInvokeConfig,
    };
  });
}

function assumable(role: DeployedRole | undefined, what: string): DeployedRole {
  if (role === undefined) throw new Error(`${what} is not a role of the template`);
  if (trusts(role.trustPolicy, 'lambda.amazonaws.com')) return role;
  throw new Error(`${what} cannot be assumed by Lambda`);
}

function invokeConfigsOf(resolved: ResolvedTemplate): ReadonlyMap<string, InvokeConfig> {
  const configs = resourcesOf(resolved, 'AWS::Lambda::EventInvokeConfig', invokeConfigProperties);
  return new Map(
    configs.map(({ properties }) => {
      const { FunctionName, MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = properties;
      const { OnFailure } = DestinationConfig;
      const config: InvokeConfig = {
        maximumRetryAttempts: MaximumRetryAttempts,
        maximumEventAgeSeconds: MaximumEventAgeInSeconds,
        ...(OnFailure && { onFailure: OnFailure.Destination }),
      };
      return [functionNameIn(FunctionName), config];
    }),
  );
}

/** The name of a function that is given by name or ARN. */
export const functionNameIn = (nameOrArn: string): string => nameOrArn.replace(/^arn:.*:function:/, '');

/** What invokes a function on its own account. */
export interface Invoker {
  /** Such as `events.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
}

/** Whether the functions' own policies let a service invoke one of them. */
export type MayInvoke = (functionName: string, invoker: Invoker) => boolean;

/** Reads the `AWS::Lambda::Permission` resources. */
export function permissionsOf(resolved: ResolvedTemplate): MayInvoke {
  const permissions = resourcesOf(resolved, 'AWS::Lambda::Permission', permissionProperties).map(
    ({ properties }) => ({ ...properties, FunctionName: functionNameIn(properties.FunctionName) }),
  );
  return (functionName, { service, sourceArn }) =>
    permissions.some(
      ({ FunctionName, Principal, SourceArn, SourceAccount }) =>
        FunctionName === functionName &&
        Principal === service &&
        (SourceArn === undefined || matchesArn(sourceArn, [{ text: SourceArn, literal: false }])) &&
        (SourceAccount === undefined || SourceAccount === sourceArn.split(':')[4]),
    );
}
