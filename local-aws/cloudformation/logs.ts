import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import { type LineFilter, parseFilterPattern } from '../aws/filter-pattern.ts';
import { attributeOf, identifying, ignored, resourcesOf } from './properties.ts';

const logGroupProperties = z.strictObject({
  LogGroupName: identifying,
  RetentionInDays: ignored('logs are kept in memory, the latest lines only'),
  KmsKeyId: ignored('logs are kept in memory'),
});

const subscriptionProperties = z.strictObject({
  LogGroupName: z.string(),
  FilterPattern: z.string().transform((pattern, context) => {
    try {
      return parseFilterPattern(pattern);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  }),
  DestinationArn: z.string(),
});

/** Sends those lines of a log group which a pattern matches to a function. */
export interface SubscriptionFilter {
  readonly name: string;
  readonly logGroupName: string;
  readonly logGroupArn: string;
  readonly matches: LineFilter;
  readonly destinationArn: string;
}

/** The subscriptions. As CloudWatch Logs does, refuses one to a log group that does not exist. */
export function subscriptionsOf(resolved: ResolvedTemplate): readonly SubscriptionFilter[] {
  const groups = new Map(
    resourcesOf(resolved, 'AWS::Logs::LogGroup', logGroupProperties).map((group) => [
      group.ref,
      attributeOf(group, 'Arn'),
    ]),
  );
  return resourcesOf(resolved, 'AWS::Logs::SubscriptionFilter', subscriptionProperties).map(
    ({ logicalId, ref, properties: { LogGroupName, FilterPattern, DestinationArn } }) => {
      const logGroupArn = groups.get(LogGroupName);
      if (logGroupArn === undefined) throw new Error(`${logicalId}: there is no log group ${LogGroupName}`);
      return {
        name: ref,
        logGroupName: LogGroupName,
        logGroupArn,
        matches: FilterPattern,
        destinationArn: DestinationArn,
      };
    },
  );
}
