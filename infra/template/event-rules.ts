import { eventSource } from '../../shared/contract/events/detail-types.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { onlyIfGiven } from './conditions.ts';
import { deadLettersId } from './dead-letter-queues.ts';
import { setting } from './parameters.ts';
import { placeholders } from './placeholders.ts';
import { service } from './resource-names.ts';

/** What a field of an event is compared with: a value, or one of EventBridge's comparison operators. */
export type Matcher =
  | string
  | number
  | boolean
  | null
  | { readonly prefix: string }
  | { readonly exists: boolean }
  | { readonly 'anything-but': string | readonly string[] | { readonly prefix: string } };

/** An EventBridge event pattern: for every field that it names, one of the matchers must match. */
export interface EventPattern {
  readonly [field: string]: readonly Matcher[] | EventPattern;
}

/** A rule of the default event bus whose target is an SNS topic. */
export interface EventRule {
  readonly name: string;
  readonly description: string;
  readonly pattern: EventPattern;
  readonly topic: 'operators';
}

/**
 * The stage's only rule; all stages of an account and Region share a bus. It leads to people: no function of this
 * service hears a bus, where anybody with `events:PutEvents` may put an event with our source.
 */
export const operatorsRule = (stage: string): EventRule => ({
  name: 'notify-operators',
  description: 'Notifies the operators of every change to a device and every step of a recovery',
  pattern: { source: [eventSource], detail: { stage: [stage] } },
  topic: 'operators',
});

/** How long (in seconds) and how often EventBridge tries to reach a target. */
const retries = { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 };

/** The rule that routes events to the operators' topic, if there is one. By logical id. */
export function eventDelivery(): Readonly<Record<string, TemplateResource>> {
  const { name, description, pattern, topic } = operatorsRule(placeholders.stage);
  const rule = {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: `${service}-${placeholders.stage}-${name}`,
      Description: description,
      EventPattern: pattern,
      State: 'ENABLED',
      Targets: [
        {
          Id: topic,
          Arn: setting('OperatorTopicArn'),
          RetryPolicy: retries,
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [deadLettersId(topic), 'Arn'] } },
        },
      ],
    },
  };
  return { NotifyOperatorsRule: onlyIfGiven('OperatorTopicArn', rule) };
}
