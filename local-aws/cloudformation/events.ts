import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import type { EventPattern } from '../../infra/template/event-rules.ts';
import { eventPattern } from '../aws/event-pattern.ts';
import { attributeOf, identifying, ignored, resourcesOf } from './properties.ts';

const ruleProperties = z
  .strictObject({
    Name: identifying,
    EventPattern: z.exactOptional(eventPattern),
    ScheduleExpression: z.exactOptional(z.string()),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z
      .array(
        z.strictObject({
          Id: z.string(),
          Arn: z.string().regex(/^arn:[^:]+:(sns|lambda):/, 'must be a topic or a function'),
          RetryPolicy: ignored('no delivery here fails'),
          DeadLetterConfig: ignored('no delivery here fails'),
        }),
      )
      .default([]),
    Description: ignored('for people'),
  })
  .refine(
    ({ EventPattern, ScheduleExpression }) =>
      (EventPattern === undefined) !== (ScheduleExpression === undefined),
    { error: 'must have either an EventPattern or a ScheduleExpression' },
  );

/** A rule of the default event bus. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly enabled: boolean;
  readonly pattern?: EventPattern;
  /** `rate(…)`; without it, the pattern decides when the rule applies. */
  readonly schedule?: string;
  /** ARNs. */
  readonly targets: readonly string[];
}

export const rulesOf = (resolved: ResolvedTemplate): readonly Rule[] =>
  resourcesOf(resolved, 'AWS::Events::Rule', ruleProperties).map((rule) => {
    const { EventPattern: pattern, ScheduleExpression: schedule, State, Targets } = rule.properties;
    return {
      name: rule.ref,
      arn: attributeOf(rule, 'Arn'),
      enabled: State === 'ENABLED',
      ...(pattern !== undefined && { pattern }),
      ...(schedule !== undefined && { schedule }),
      targets: Targets.map(({ Arn }) => Arn),
    };
  });
