import { describe, expect, it } from 'vitest';
import { partitionKeyOf, tableOf } from '../../../../local-aws/cloudformation/dynamodb.ts';
import { rulesOf } from '../../../../local-aws/cloudformation/events.ts';
import { subscriptionsOf } from '../../../../local-aws/cloudformation/logs.ts';
import { checkTypes, resourceTypes } from '../../../../local-aws/cloudformation/resource-types.ts';
import { secretsOf } from '../../../../local-aws/cloudformation/secrets-manager.ts';
import { queuesOf } from '../../../../local-aws/cloudformation/sqs.ts';
import { allow, arn, queue, resolved } from './resources.ts';

const topic = arn('sns', 'operators');

describe('a rule', () => {
  const rule = (Properties: object) =>
    rulesOf(resolved({ Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'tell', ...Properties } } }));
  const EventPattern = { source: ['shop'], detail: { stage: [{ prefix: 'lo' }] } };

  it('has its pattern or schedule, its state and its targets', () => {
    const Targets = [{ Id: 'one', Arn: topic, RetryPolicy: {}, DeadLetterConfig: {} }];
    expect(rule({ EventPattern, Targets })).toEqual([
      {
        name: 'tell',
        arn: arn('events', 'rule/tell'),
        enabled: true,
        pattern: EventPattern,
        targets: [topic],
      },
    ]);
    expect(rule({ ScheduleExpression: 'rate(1 hour)', State: 'DISABLED' })).toEqual([
      {
        name: 'tell',
        arn: arn('events', 'rule/tell'),
        enabled: false,
        schedule: 'rate(1 hour)',
        targets: [],
      },
    ]);
  });

  it.each<[string, object]>([
    ['neither pattern nor schedule', {}],
    ['both', { EventPattern, ScheduleExpression: 'rate(1 hour)' }],
    ['an operator that is not known here', { EventPattern: { source: [{ suffix: 'x' }] } }],
    ['an empty list', { EventPattern: { source: [] } }],
    ['a target of another service', { EventPattern, Targets: [{ Id: 'a', Arn: arn('sqs', 'letters') }] }],
    ['an input', { EventPattern, Targets: [{ Id: 'a', Arn: topic, Input: '{}' }] }],
    ['another bus', { EventPattern, EventBusName: 'other' }],
  ])('is refused with %s', (_name, properties) => {
    expect(() => rule(properties)).toThrow('Rule (AWS::Events::Rule): ');
  });
});

describe('a subscription', () => {
  const group = {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: '/aws/lambda/sell', RetentionInDays: 7 },
  };
  const subscription = (changes: object = {}) => ({
    Type: 'AWS::Logs::SubscriptionFilter',
    Properties: {
      LogGroupName: { Ref: 'Group' },
      FilterPattern: '{ $.audit IS TRUE }',
      DestinationArn: arn('lambda', 'function:publish'),
      ...changes,
    },
  });
  const read = (changes: object = {}) =>
    subscriptionsOf(resolved({ Group: group, Subscription: subscription(changes) }));

  it('has its log group, pattern and destination', () => {
    const [filter] = read();
    expect(filter).toMatchObject({
      logGroupName: '/aws/lambda/sell',
      logGroupArn: `${arn('logs', 'log-group:/aws/lambda/sell')}:*`,
      destinationArn: arn('lambda', 'function:publish'),
    });
    expect(filter?.matches('{"audit":true}')).toBe(true);
    expect(filter?.matches('{"audit":false}')).toBe(false);
  });

  it.each<[object, string]>([
    [{ LogGroupName: '/aws/lambda/buy' }, 'there is no log group /aws/lambda/buy'],
    [{ FilterPattern: 'ERROR' }, 'FilterPattern: The filter pattern ERROR is not supported here'],
    [{ RoleArn: 'r' }, 'RoleArn'],
  ])('is refused with %j', (changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });
});

describe('a queue', () => {
  const queuePolicy = (changes: object = {}) => ({
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Queue' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }],
      },
      ...changes,
    },
  });

  it('has its policy, if there is one', () => {
    const named = { name: 'letters', arn: arn('sqs', 'letters') };
    expect(queuesOf(resolved({ Queue: queue({ SqsManagedSseEnabled: true }) }))).toEqual([named]);
    const [one] = queuesOf(resolved({ Queue: queue(), Policy: queuePolicy() }));
    expect(one).toMatchObject({ ...named, policy: { Statement: [{ Effect: 'Deny' }] } });
  });

  it.each<[string, object]>([
    ['two policies', { Queue: queue(), Policy: queuePolicy(), Other: queuePolicy() }],
    ['a policy of no queue', { Queue: queue(), Policy: queuePolicy({ Queues: ['https://x'] }) }],
    [
      'a policy without principals',
      { Queue: queue(), Policy: queuePolicy({ PolicyDocument: allow('sqs:*') }) },
    ],
    ['an unknown property', { Queue: queue({ DelaySeconds: 5 }) }],
  ])('is refused with %s', (_name, resources) => {
    expect(() => queuesOf(resolved(resources as never))).toThrow(/^(Queue|Policy|Other)[ :]/);
  });
});

describe('a secret', () => {
  const secret = (Properties: object) =>
    secretsOf(resolved({ Secret: { Type: 'AWS::SecretsManager::Secret', Properties } }));

  it('has its name, and an ARN that ends with six characters', () => {
    const [one] = secret({ Name: 'shop/key', GenerateSecretString: {}, Description: 'd' });
    expect(one?.name).toBe('shop/key');
    expect(one?.arn).toMatch(new RegExp(`^${arn('secretsmanager', 'secret:shop/key')}-\\w{6}$`));
  });

  it('has a value of the length and alphabet that it asks for', () => {
    const [one] = secret({ GenerateSecretString: { PasswordLength: 400, ExcludePunctuation: true } });
    expect(one?.generate()).toMatch(/^[A-Za-z0-9]{400}$/);
    expect(one?.generate()).not.toBe(one?.generate());
    const [other] = secret({ GenerateSecretString: { PasswordLength: 400 } });
    expect(other?.generate()).toMatch(/[^A-Za-z0-9]/);
  });

  it('can be a member of JSON', () => {
    const SecretStringTemplate = '{"user":"me"}';
    const [one] = secret({ GenerateSecretString: { SecretStringTemplate, GenerateStringKey: 'key' } });
    expect(JSON.parse(one?.generate() ?? '')).toEqual({ user: 'me', key: expect.stringMatching(/^.{32}$/) });
  });

  it.each<object>([
    {},
    { SecretString: 'in the template' },
    { GenerateSecretString: {}, KmsKeyId: 'k' },
    { GenerateSecretString: { ExcludeCharacters: 'a' } },
    { GenerateSecretString: { GenerateStringKey: 'key' } },
  ])('is refused with %j', (properties) => {
    expect(() => secret(properties)).toThrow('Secret (AWS::SecretsManager::Secret): ');
  });
});

describe('the table', () => {
  const table = (changes: object = {}) => ({
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      ...changes,
    },
  });
  const index = {
    IndexName: 'byState',
    KeySchema: [
      { AttributeName: 'at', KeyType: 'RANGE' },
      { AttributeName: 'state', KeyType: 'HASH' },
    ],
    Projection: { ProjectionType: 'ALL' },
  };

  it('has its keys and indexes', () => {
    const read = tableOf(resolved({ Table: table({ GlobalSecondaryIndexes: [index] }) }));
    expect(read).toMatchObject({
      TableName: expect.stringMatching(/^shop-Table-\w{12}$/),
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [index],
    });
    expect([partitionKeyOf(read), partitionKeyOf(read, 'byState'), partitionKeyOf(read, 'none')]).toEqual([
      'id',
      'state',
      'id',
    ]);
  });

  it.each<[string, object]>([
    ['none', {}],
    ['two', { Table: table(), Other: table() }],
    ['streams', { Table: table({ StreamSpecification: {} }) }],
    ['another billing', { Table: table({ BillingMode: 'PROVISIONED' }) }],
  ])('is refused: %s', (_name, resources) => {
    expect(() => tableOf(resolved(resources as never))).toThrow(/exactly one table|^Table /);
  });
});

describe('the types of resources', () => {
  it('are known, or refused by name', () => {
    const of = (type: string) => ({
      parameters: {},
      outputs: {},
      resources: { Box: { type, dependsOn: [], ref: '', attributes: {}, properties: {} } },
    });
    for (const type of Object.keys(resourceTypes)) expect(() => checkTypes(of(type))).not.toThrow();
    for (const type of ['AWS::S3::Bucket', 'toString']) {
      expect(() => checkTypes(of(type))).toThrow(
        `Box: the local AWS does not know the resource type ${type}`,
      );
    }
  });
});
