import { eventSource, noticeEvents } from '../../shared/contract/events/detail-types.ts';
import { type CompiledResource, type CompiledTemplate, functionIdOf } from './cloudformation.ts';
import { deadLettersId } from './dead-letter-queues.ts';
import { functionName, pascalCase, service } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

/** What a field of an event may be: a value itself, or one of EventBridge's comparisons. */
export type Matcher =
  | string
  | number
  | boolean
  | null
  | { readonly prefix: string }
  | { readonly exists: boolean }
  | { readonly 'anything-but': string | readonly string[] | { readonly prefix: string } };

/** An EventBridge event pattern: of every field that it names, one of the matchers must hold. */
export interface EventPattern {
  readonly [field: string]: readonly Matcher[] | EventPattern;
}

/** A rule of the default event bus. */
export interface EventRule {
  readonly name: string;
  readonly description: string;
  readonly pattern: EventPattern;
  /** A function of the product (its name without prefix), or the SNS topic of the operators. */
  readonly target: { readonly function: string } | { readonly topic: 'operators' };
}

/**
 * Where the events of a stage go, and no other's: all stages of an account and Region are on the same bus. The deployment
 * makes its rules of these, the local AWS goes by them.
 */
export function eventRules(stage: string): readonly EventRule[] {
  const own = { source: [eventSource], detail: { stage: [stage] } };
  return [
    {
      name: 'notify-operators',
      description: 'Tells the operators of every change of a device and of every step of a recovery',
      pattern: own,
      target: { topic: 'operators' },
    },
    {
      name: 'notify-subject',
      description: 'Tells the user whose devices or recovery it is about',
      pattern: { ...own, 'detail-type': noticeEvents },
      target: { function: 'notify-subject' },
    },
    {
      name: 'report-outcome',
      description: 'Tells the ticketing system what became of a recovery',
      pattern: { ...own, 'detail-type': [{ prefix: 'MFA Recovery ' }] },
      target: { function: 'report-outcome' },
    },
  ];
}

/** How long EventBridge tries to reach a target: in seconds, and times. */
const retries = { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 };

/** The rules that lead events to functions and to the topic of operators, if there is one. By logical id. */
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
