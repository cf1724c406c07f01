import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { matchesArn } from '../policy/pattern.ts';
import { ofType, propertiesOf } from './template-reader.ts';

const schema = z.strictObject({
  Action: z.enum(['lambda:InvokeFunction', 'lambda:*']),
  FunctionName: z.string(),
  Principal: z.literal('apigateway.amazonaws.com'),
  SourceArn: z.exactOptional(z.string()),
  SourceAccount: z.exactOptional(z.string()),
});

/** What invokes a function: a method of an API. */
export interface Invoker {
  readonly functionArn: string;
  /** The method's ARN. */
  readonly sourceArn: string;
}

/** Tells whether some `AWS::Lambda::Permission` lets a method of the API invoke a function. */
export function invocationRights(resolved: ResolvedTemplate): (invoker: Invoker) => boolean {
  const permissions = ofType(resolved, 'AWS::Lambda::Permission')
    .filter(([, { properties }]) => properties['Principal'] === 'apigateway.amazonaws.com')
    .map((named) => propertiesOf(named, schema));
  const byFunction = Map.groupBy(permissions, ({ FunctionName }) => nameOf(FunctionName));
  return ({ functionArn, sourceArn }) =>
    (byFunction.get(nameOf(functionArn)) ?? []).some(
      ({ SourceArn, SourceAccount }) =>
        (SourceArn === undefined || matchesArn(sourceArn, [{ text: SourceArn, literal: false }])) &&
        (SourceAccount === undefined || SourceAccount === accountOf(functionArn)),
    );
}

/** The name of a function, from that or its ARN. */
export const nameOf = (nameOrArn: string): string => nameOrArn.split(':').at(-1) ?? '';

export const accountOf = (functionArn: string): string => functionArn.split(':')[4] ?? '';
