import type { CompiledResource, CompiledTemplate } from './compiled-template.ts';
import { deadLettersId } from './dead-letters.ts';
import { type EventRule, eventRules } from './event-rules.ts';
import { functionIdOf } from './function-ids.ts';
import { functionName, service } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

/** How long EventBridge tries to reach a target: in seconds, and times. */
const retries = { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 };

/** The rules that lead events to functions and to the topic of operators, if there is one. By logical id. */
export function eventDelivery(
  template: CompiledTemplate,
  settings: TemplateSettings,
): Readonly<Record<string, CompiledResource>> {
  const resources = eventRules(settings.stage).flatMap(
    (rule): readonly (readonly [string, CompiledResource])[] => {
      const id = `${rule.name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Rule`;
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
