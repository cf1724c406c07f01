import { eventSource, noticeEvents } from '../../shared/contract/events/detail-types.ts';
import { type CompiledResource, type CompiledTemplate, functionIdOf } from './cloudformation.ts';
import { deadLettersId } from './dead-letter-queues.ts';
import { functionName, pascalCase, service } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

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

/** A rule of the default event bus. */
export interface EventRule {
  readonly name: string;
  readonly description: string;
  readonly pattern: EventPattern;
  /** One of our functions (its name without the prefix), or the operators' SNS topic. */
  readonly target: { readonly function: string } | { readonly topic: 'operators' };
}

/**
 * Routes a stage's events, and only those: all stages of an account and Region share a bus. Both the deployment's rules
 * and the local AWS follow these.
 */
export function eventRules(stage: string): readonly EventRule[] {
  const own = { source: [eventSource], detail: { stage: [stage] } };
  return [
    {
      name: 'notify-operators',
      description: 'Notifies the operators of every change to a device and every step of a recovery',
      pattern: own,
      target: { topic: 'operators' },
    },
    {
      name: 'notify-subject',
      description: 'Notifies the users whose devices or recoveries change',
      pattern: { ...own, 'detail-type': noticeEvents },
      target: { function: 'notify-subject' },
    },
    {
      name: 'report-outcome',
      description: 'Reports the outcome of a recovery to the ticketing system',
      pattern: { ...own, 'detail-type': [{ prefix: 'MFA Recovery ' }] },
      target: { function: 'report-outcome' },
    },
  ];
}

/** How long (in seconds) and how often EventBridge tries to reach a target. */
const retries = { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 };

/** The rules that route events to functions and to the operators' topic, if there is one. By logical id. */
export function eventDelivery(
  template: CompiledTemplate,
  settings: TemplateSettings,
): Readonly<Record<string, CompiledResource>> {
  const resources = eventRules(settings.stage).flatMap(
    (rule): readonly (readonly [string, CompiledResource])[] => {
      const id = `${pascalCase(rule.name)}Rule`;
      if ('topic' in rule.target) {
        const { operatorTopicArn } = settings;
        if (operatorTopicArn === undefined) return [];
        return [[id, ruleResource(rule, rule.target.topic, operatorTopicArn, settings.stage)]];
      }
      const name = rule.target.function;
      const functionArn = {
        'Fn::GetAtt': [functionIdOf(template, functionName(settings.stage, name)), 'Arn'],
      };
      return [
        [id, ruleResource(rule, name, functionArn, settings.stage)],
        [`${id}Permission`, permission(id, functionArn)],
      ];
    },
  );
  return Object.fromEntries(resources);
}

const ruleResource = (
  { name, description, pattern }: EventRule,
  target: string,
  Arn: unknown,
  stage: string,
): CompiledResource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: `${service}-${stage}-${name}`,
    Description: description,
    EventPattern: pattern,
    State: 'ENABLED',
    Targets: [
      {
        Id: target,
        Arn,
        RetryPolicy: retries,
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [deadLettersId(target), 'Arn'] } },
      },
    ],
  },
});

const permission = (ruleId: string, FunctionName: object): CompiledResource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName,
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [ruleId, 'Arn'] },
  },
});
