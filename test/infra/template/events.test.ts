import { describe, expect, it } from 'vitest';
import { everySetting } from '../../../infra/audit/every-setting.ts';
import { functionName } from '../../../infra/template/resource-names.ts';
import { backgroundFunctions, scheduledFunctions } from '../../../shared/contract/background-functions.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { propertiesOf, resolvedOf, writtenTemplate } from '../../support/packaged-template.ts';

const operations = await loadOperations();
const stage = 'live';
const { operatorTopicArn } = everySetting;
const resolved = resolvedOf(stage);
const withOperators = resolvedOf(stage, { operatorTopicArn });
const arnOf = (id: string) => resolved.resources[id]?.attributes['Arn'];

describe('audit lines', () => {
  const subscriptions = [...propertiesOf(resolved, 'AWS::Logs::SubscriptionFilter')];
  const groupNames = subscriptions.map(([, { LogGroupName }]) => LogGroupName);

  it('go from the log of every function that writes them to the one that publishes events', () => {
    const audited = operations.filter(({ audit }) => audit !== undefined);
    expect([...groupNames].sort()).toEqual(
      [...audited, ...scheduledFunctions]
        .map(({ name }) => `/aws/lambda/${functionName(stage, name)}`)
        .sort(),
    );
    for (const [id, { FilterPattern, DestinationArn }] of subscriptions) {
      expect(FilterPattern).toBe('{ $.audit IS TRUE }');
      expect(DestinationArn).toBe(arnOf('PublishDasheventsLambdaFunction'));
      // Without the permission in place, the subscription fails.
      expect(resolved.resources[id]?.dependsOn).toEqual(['AuditLinesPermission']);
    }
  });

  it('are not followed in the log of the function that publishes events, as it would invoke itself', () => {
    for (const { name } of backgroundFunctions.filter(({ trigger }) => trigger !== 'schedule')) {
      expect(groupNames).not.toContain(`/aws/lambda/${functionName(stage, name)}`);
    }
  });
});

describe('events', () => {
  const rules = [...propertiesOf(withOperators, 'AWS::Events::Rule').values()];
  const onBus = rules.filter(({ EventPattern }) => EventPattern !== undefined);

  it('on a bus reach no function, as anybody may put them there', () => {
    const targets = onBus.flatMap(({ Targets }) => Object(Targets).map(({ Arn }: { Arn: string }) => Arn));
    expect(targets).toEqual([operatorTopicArn]);
    const sources = [...propertiesOf(withOperators, 'AWS::Lambda::Permission').values()]
      .filter(({ Principal }) => Principal === 'events.amazonaws.com')
      .map(({ SourceArn }) => SourceArn);
    const schedules = Object.values(withOperators.resources).filter(
      ({ type, properties }) => type === 'AWS::Events::Rule' && 'ScheduleExpression' in properties,
    );
    expect(sources.sort()).toEqual(schedules.map(({ attributes }) => attributes['Arn']).sort());
  });

  it('go from the bus to the operators’ topic and nowhere else', () => {
    expect(onBus).toMatchObject([
      {
        Name: 'mfa-self-service-live-notify-operators',
        State: 'ENABLED',
        EventPattern: { source: ['mfa-self-service'], detail: { stage: ['live'] } },
        Targets: [
          {
            Arn: operatorTopicArn,
            RetryPolicy: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 },
            DeadLetterConfig: { Arn: withOperators.resources['OperatorsDeadLetters']?.attributes['Arn'] },
          },
        ],
      },
    ]);
  });

  it('reach no topic if none is configured', () => {
    const patterns = [...propertiesOf(resolved, 'AWS::Events::Rule').values()].map(
      ({ EventPattern }) => EventPattern,
    );
    expect(patterns).toEqual(scheduledFunctions.map(() => undefined));
    expect(resolved.resources).not.toHaveProperty('OperatorsDeadLetters');
    expect(resolved.resources).not.toHaveProperty('OperatorsDeadLettersPolicy');
  });

  it('that cannot be delivered are kept, EventBridge’s only in the queue of the operators', () => {
    const senders = Object.entries(writtenTemplate.Resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::SQS::QueuePolicy' && JSON.stringify(Properties).includes('events.amazonaws.com')
        ? [id]
        : [],
    );
    expect(senders).toEqual(['OperatorsDeadLettersPolicy']);
  });
});

describe('those who are told of events', () => {
  const outcomeUrl = 'https://hooks.example.com/x';
  const listenersOf = (settings: object) => {
    const { Environment } =
      resolvedOf(stage, settings).resources['PublishDasheventsLambdaFunction']?.properties ?? {};
    const { NOTIFIER_NAME, REPORTER_NAME } = Object(Environment).Variables;
    return [NOTIFIER_NAME, REPORTER_NAME];
  };
  const [notifier, reporter] = ['notify-subject', 'report-outcome'].map((name) => functionName(stage, name));

  it.each<[string, object, readonly unknown[]]>([
    ['nobody', {}, ['', '']],
    ['a ticketing system without a URL for outcomes', { ticketing: { jira: {} } }, ['', '']],
    ['users', { noticeSender: 'mfa@example.com' }, [notifier, '']],
    ['a ticketing system', { ticketing: { standard: {}, jira: { outcomeUrl } } }, ['', reporter]],
    ['both', { noticeSender: 'IT <a@b.co>', ticketing: { jira: { outcomeUrl } } }, [notifier, reporter]],
  ])('are %s', (_who, settings, names) => {
    expect(listenersOf(settings)).toEqual(names);
  });
});
