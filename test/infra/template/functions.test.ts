import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionName } from '../../../infra/template/resource-names.ts';
import { backgroundFunctions, scheduledFunctions } from '../../../shared/contract/background-functions.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { place, propertiesOf, resolvedOf, writtenTemplate } from '../../support/packaged-template.ts';

const operations = await loadOperations();
const stage = 'live';
const resolved = resolvedOf(stage);
/** All functions: those with a contract and those without a route. */
const all = [...operations, ...backgroundFunctions];
const names = all.map(({ name }) => name);
const functions = new Map(
  [...propertiesOf(resolved, 'AWS::Lambda::Function')].map(([id, properties]) => [
    String(properties['FunctionName']),
    { id, properties },
  ]),
);
const functionOf = (name: string) => functions.get(functionName(stage, name));

describe('the functions', () => {
  it('have a file each, and there are no other files', () => {
    const files = ['api', 'background'].flatMap((folder) =>
      readdirSync(new URL(`../../../functions/${folder}/`, import.meta.url)),
    );
    expect(files.sort()).toEqual(names.map((name) => `${name}.ts`).sort());
  });

  it('are all in the template', () => {
    expect([...functions.keys()].sort()).toEqual(names.map((name) => functionName(stage, name)).sort());
    expect(propertiesOf(resolved, 'AWS::Lambda::Url').size).toBe(0);
  });

  it.each(all)('run the bundle of $name with the intended Lambda settings', (definition) => {
    const { name } = definition;
    expect(functionOf(name)?.properties).toMatchObject({
      Code: { S3Bucket: 'code-bucket', S3Key: `release/${name}.zip` },
      Handler: `dist/${name}/index.handler`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 1024,
      TracingConfig: { Mode: 'Active' },
      Timeout: 'timeoutSeconds' in definition ? definition.timeoutSeconds : 15,
    });
  });

  it.each(all)(
    'have a log of $name from before the first invocation, which would make one for ever',
    ({ name }) => {
      const { dependsOn } = resolved.resources[functionOf(name)?.id ?? ''] ?? {};
      const logs = dependsOn?.map((id) => resolved.resources[id]?.properties['LogGroupName']);
      expect(logs).toEqual([`/aws/lambda/${functionName(stage, name)}`]);
    },
  );
});

describe('the trigger of a function without a route', () => {
  /** Types of the resources that name a function, except its own. */
  const naming = (name: string) => {
    const { id } = functionOf(name) ?? {};
    return Object.entries(writtenTemplate.Resources)
      .filter(([other, resource]) => other !== id && JSON.stringify(resource).includes(`"${id}"`))
      .map(([, { Type }]) => Type);
  };
  const [rule, retries] = ['AWS::Events::Rule', 'AWS::Lambda::EventInvokeConfig'];
  const permission = 'AWS::Lambda::Permission';
  const arnOf = (name: string) => resolved.resources[functionOf(name)?.id ?? '']?.attributes['Arn'];

  it.each(scheduledFunctions)('is a single schedule for $name', ({ name }) => {
    expect(naming(name).sort()).toEqual([rule, retries, permission]);
  });

  it.each([
    ['delete-expired-devices', 'rate(1 hour)', { MaximumRetryAttempts: 0 }],
    ['execute-recoveries', 'rate(1 minute)', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }],
  ])('runs %s at %s without retries, as the next run catches up', (name, ScheduleExpression, limits) => {
    const rules = [...propertiesOf(resolved, rule).values()].filter((each) =>
      JSON.stringify(each['Targets']).includes(`"${arnOf(name)}"`),
    );
    expect(rules).toMatchObject([{ ScheduleExpression, State: 'ENABLED' }]);
    const configs = [...propertiesOf(resolved, retries).values()].filter(
      ({ FunctionName }) => FunctionName === functionName(stage, name),
    );
    expect(configs).toEqual([{ FunctionName: functionName(stage, name), Qualifier: '$LATEST', ...limits }]);
  });

  it('runs at the rate of the settings', () => {
    const rules = propertiesOf(resolvedOf(stage, { expiredEnrolmentsRate: 'cron(0 6 * * ? *)' }), rule);
    const rates = [...rules.values()].map(({ ScheduleExpression }) => ScheduleExpression);
    expect(rates.sort()).toEqual(['cron(0 6 * * ? *)', 'rate(1 minute)']);
  });

  it.each(backgroundFunctions.filter(({ trigger }) => trigger === 'events'))(
    'is nothing but the function that publishes events for $name, which retries and keeps what failed',
    ({ name }) => {
      expect(naming(name)).toEqual([retries]);
    },
  );

  it('is the logs, by one permission, for the one that publishes events', () => {
    const types = naming('publish-events');
    expect(types.filter((type) => type === permission)).toHaveLength(1);
    expect([...new Set(types)].sort()).toEqual([retries, permission, 'AWS::Logs::SubscriptionFilter']);
    expect(resolved.resources['AuditLinesPermission']?.properties).toMatchObject({
      Principal: 'logs.amazonaws.com',
      SourceAccount: place.accountId,
      SourceArn: `arn:aws:logs:${place.region}:${place.accountId}:log-group:/aws/lambda/mfa-self-service-live-*:*`,
    });
  });

  it('has its own queue for permanent failures, encrypted and kept for two weeks', () => {
    const failures = [...propertiesOf(resolved, retries).values()].flatMap((config) => {
      const { OnFailure } = Object(config['DestinationConfig']);
      return OnFailure === undefined ? [] : [[config['FunctionName'], OnFailure.Destination]];
    });
    const owners = ['publish-events', 'notify-subject', 'report-outcome'];
    const queues = [...propertiesOf(resolved, 'AWS::SQS::Queue')];
    expect(failures.sort()).toEqual(
      owners
        .map((owner) => [
          functionName(stage, owner),
          `arn:aws:sqs:${place.region}:${place.accountId}:mfa-self-service-live-${owner}-dead-letters`,
        ])
        .sort(),
    );
    expect(queues).toHaveLength(owners.length);
    for (const [id, queue] of queues) {
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
      const { PolicyDocument } = resolved.resources[`${id}Policy`]?.properties ?? {};
      // Lambda sends to it with the function's own role.
      expect(Object(PolicyDocument).Statement).toMatchObject([
        { Effect: 'Deny', Principal: '*', Action: 'sqs:*' },
      ]);
    }
  });
});
