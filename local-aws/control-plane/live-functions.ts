import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { resourcesOf } from '../cloudformation/properties.ts';

/** A function's configuration, as Lambda tells it. */
export interface LiveFunction {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  Runtime: string;
  Role: string;
  Handler: string;
  CodeSha256: string;
  Timeout: number;
  MemorySize: number;
  Environment: { Variables: Record<string, string> };
  Layers?: { readonly Arn: string }[];
}

const properties = z.looseObject({
  Runtime: z.string(),
  Role: z.string(),
  Handler: z.string(),
  Timeout: z.coerce.number(),
  MemorySize: z.coerce.number(),
  Environment: z
    .looseObject({ Variables: z.record(z.string(), z.coerce.string()) })
    .default({ Variables: {} }),
  ReservedConcurrentExecutions: z.coerce.number().default(0),
});

/** The functions of a template right after its deployment. */
export const liveFunctionsOf = (resolved: ResolvedTemplate): LiveFunction[] =>
  resourcesOf(resolved, 'AWS::Lambda::Function', properties).map(({ ref, attributes, properties: own }) => ({
    FunctionName: ref,
    FunctionArn: attributes['Arn'] ?? '',
    Runtime: own.Runtime,
    Role: own.Role,
    Handler: own.Handler,
    CodeSha256: createHash('sha256').update(own.Handler).digest('base64'),
    Timeout: own.Timeout,
    MemorySize: own.MemorySize,
    Environment: { Variables: { ...own.Environment.Variables } },
  }));

/** The executions that the functions of a template reserve. */
export const reservedBy = (resolved: ResolvedTemplate): number =>
  resourcesOf(resolved, 'AWS::Lambda::Function', properties)
    .map((lambda) => lambda.properties.ReservedConcurrentExecutions)
    .reduce((sum, reserved) => sum + reserved, 0);
