import { describe, expect, it } from 'vitest';
import { outputOf, place, propertyOf, queue, resolve } from './template.ts';

const at = 'eu-central-1:123456789012';
const id = (length: number) => new RegExp(`^[a-z0-9]{${length}}$`);

describe('the identity of a resource', () => {
  it.each<[string, Record<string, unknown>, string | RegExp, Record<string, string | RegExp>]>([
    ['AWS::ApiGateway::Deployment', {}, id(6), { DeploymentId: id(6) }],
    ['AWS::ApiGateway::GatewayResponse', {}, id(10), {}],
    ['AWS::ApiGateway::Method', {}, /^shop-test--[a-z0-9]{12}$/, {}],
    ['AWS::ApiGateway::Resource', {}, id(6), { ResourceId: id(6) }],
    ['AWS::ApiGateway::RestApi', { Name: 'n' }, id(10), { RestApiId: id(10), RootResourceId: id(10) }],
    ['AWS::ApiGateway::Stage', { StageName: 'prod' }, 'prod', {}],
    ['AWS::CloudWatch::Alarm', { AlarmName: 'n' }, 'n', { Arn: `arn:aws:cloudwatch:${at}:alarm:n` }],
    ['AWS::CloudWatch::Dashboard', { DashboardName: 'n' }, 'n', {}],
    ['AWS::DynamoDB::Table', { TableName: 'n' }, 'n', { Arn: `arn:aws:dynamodb:${at}:table/n` }],
    ['AWS::DynamoDB::Table', {}, /^shop-test-It-\w{12}$/, {}],
    ['AWS::Events::Rule', { Name: 'n' }, 'n', { Arn: `arn:aws:events:${at}:rule/n` }],
    ['AWS::Events::Rule', {}, /^shop-test-It-\w{12}$/, {}],
    ['AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'n' }, 'arn:aws:iam::123456789012:policy/n', {}],
    [
      'AWS::IAM::ManagedPolicy',
      { ManagedPolicyName: 'n', Path: '/a/' },
      'arn:aws:iam::123456789012:policy/a/n',
      {},
    ],
    ['AWS::IAM::Role', { RoleName: 'n' }, 'n', { Arn: 'arn:aws:iam::123456789012:role/n' }],
    [
      'AWS::IAM::Role',
      { RoleName: 'n', Path: '/a/b/' },
      'n',
      { Arn: 'arn:aws:iam::123456789012:role/a/b/n' },
    ],
    ['AWS::Lambda::EventInvokeConfig', {}, /./, {}],
    ['AWS::Lambda::Function', { FunctionName: 'n' }, 'n', { Arn: `arn:aws:lambda:${at}:function:n` }],
    ['AWS::Lambda::Permission', {}, /^shop-test-It-\w{12}$/, { Id: /^shop-test-It-\w{12}$/ }],
    ['AWS::Logs::LogGroup', { LogGroupName: '/a/n' }, '/a/n', { Arn: `arn:aws:logs:${at}:log-group:/a/n:*` }],
    ['AWS::Logs::MetricFilter', {}, /^shop-test-It-\w{12}$/, {}],
    ['AWS::Logs::SubscriptionFilter', {}, /^shop-test-It-\w{12}$/, {}],
    ['AWS::S3::Bucket', { BucketName: 'n' }, 'n', { Arn: 'arn:aws:s3:::n' }],
    ['AWS::S3::Bucket', {}, /^shop-test-it-[a-z0-9]{12}$/, { Arn: /^arn:aws:s3:::shop-test-it-/ }],
    ['AWS::S3::BucketPolicy', { Bucket: 'n' }, 'n', {}],
    [
      'AWS::SecretsManager::Secret',
      { Name: 'n' },
      new RegExp(`^arn:aws:secretsmanager:${at}:secret:n-\\w{6}$`),
      {},
    ],
    [
      'AWS::SecretsManager::Secret',
      {},
      new RegExp(`^arn:aws:secretsmanager:${at}:secret:It-\\w{12}-\\w{6}$`),
      {},
    ],
    [
      queue,
      { QueueName: 'n' },
      'https://sqs.eu-central-1.amazonaws.com/123456789012/n',
      { Arn: `arn:aws:sqs:${at}:n`, QueueName: 'n' },
    ],
    ['AWS::SQS::QueuePolicy', {}, /./, {}],
  ])('%s %j', (Type, Properties, ref, attributes) => {
    const resource = resolve({ Resources: { It: { Type, Properties } } }).resources['It'];
    expect(resource?.ref).toMatch(ref);
    for (const [name, value] of Object.entries(attributes)) {
      expect(resource?.attributes[name]).toMatch(
        typeof value === 'string' ? new RegExp(`^${RegExp.escape(value)}$`) : value,
      );
    }
  });

  it('of the API can be given', () => {
    const Resources = { Api: { Type: 'AWS::ApiGateway::RestApi' } };
    expect(outputOf({ Ref: 'Api' }, { Resources }, { place: { ...place, apiId: 'localapi00' } })).toBe(
      'localapi00',
    );
  });

  it('can be that of an existing stack', () => {
    const Resources = {
      Queue: { Type: queue },
      Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }] } },
    };
    const { resources } = resolve({ Resources }, { physicalIds: { Queue: 'https://sqs/orders' } });
    expect(resources['Queue']?.ref).toBe('https://sqs/orders');
    expect(resources['Policy']?.properties).toEqual({ Queues: ['https://sqs/orders'] });
  });

  it('is the same each time, and another one in another stack', () => {
    const refIn = (stackName: string, logicalId = 'It') =>
      resolve(
        { Resources: { [logicalId]: { Type: 'AWS::DynamoDB::Table' } } },
        { place: { ...place, stackName } },
      ).resources[logicalId]?.ref.slice(-12);
    expect(refIn('a')).toBe(refIn('a'));
    expect(refIn('a')).not.toBe(refIn('b'));
    expect(refIn('a')).not.toBe(refIn('a', 'Other'));
  });

  it('has a name that is generated within its limit', () => {
    const logicalId = 'A'.repeat(100);
    const { ref } =
      resolve({ Resources: { [logicalId]: { Type: 'AWS::IAM::Role' } } }).resources[logicalId] ?? {};
    expect(ref).toMatch(/^shop-test-A+-\w{12}$/);
    expect(ref).toHaveLength(64);
  });

  it('of an unknown type is an error that names the resource', () => {
    expect(() => resolve({ Resources: { Box: { Type: 'AWS::S3::AccessPoint' } } })).toThrow(
      'Resources.Box: Unrecognized resource type: AWS::S3::AccessPoint',
    );
  });
});

describe('dependencies', () => {
  const dependent = (Properties: unknown, DependsOn?: string) => ({
    Type: queue,
    Properties: { QueueName: Properties },
    ...(DependsOn !== undefined && { DependsOn }),
  });

  it('are resolved in their order, whichever comes first in the template', () => {
    const { resources } = resolve({
      Resources: { A: dependent({ 'Fn::GetAtt': ['B', 'QueueName'] }), B: dependent('name') },
    });
    expect(Object.keys(resources)).toEqual(['A', 'B']);
    expect(resources['A']?.attributes['QueueName']).toBe('name');
  });

  it.each([
    ['through Ref', { A: dependent({ Ref: 'B' }), B: dependent({ Ref: 'C' }), C: dependent({ Ref: 'B' }) }],
    ['through DependsOn', { A: dependent('a'), B: dependent({ Ref: 'C' }), C: dependent('c', 'B') }],
  ])('in a circle %s are an error', (_name, Resources) => {
    expect(() => resolve({ Resources })).toThrow('Circular dependency between resources: B → C → B');
  });

  it('on itself are an error', () => {
    expect(() => resolve({ Resources: { A: dependent({ Ref: 'A' }) } })).toThrow(
      'Resources.A: Circular dependency',
    );
  });

  it('on nothing are an error', () => {
    expect(() => resolve({ Resources: { A: dependent('a', 'B') } })).toThrow('Resources.A: ');
  });
});

it('refuses an attribute of a resource that CloudFormation does not know', () => {
  const resource = { Type: queue, Propertys: {} };
  expect(() => resolve({ Resources: { A: resource } })).toThrow(
    "Resources.A: Invalid template resource property 'Propertys'",
  );
});

it.each([[['a']], [{ a: 1 }], [{ Ref: 'AWS::NoValue' }], [7]])('refuses an output of %j', (value) => {
  expect(() => outputOf(value)).toThrow('Outputs.It: Template format error');
});

describe('a dynamic reference', () => {
  const Resources = { Key: { Type: 'AWS::SecretsManager::Secret', Properties: { Description: 'd' } } };
  const reference = { 'Fn::Join': ['', ['<{{resolve:secretsmanager:', { Ref: 'Key' }, '}}>']] };

  it("is replaced by the secret's value", () => {
    const { resources } = resolve({ Resources });
    const secretValue = (arn: string) => (arn === resources['Key']?.ref ? 'hidden' : 'wrong');
    expect(propertyOf([{ reference }], { Resources }, { secretValue })).toEqual([{ reference: '<hidden>' }]);
    const whole = { 'Fn::Sub': '{{resolve:secretsmanager:${Key}:SecretString}}' };
    expect(propertyOf(whole, { Resources }, { secretValue })).toBe('hidden');
  });

  it('can be to a member of a secret that is JSON', () => {
    const member = { 'Fn::Sub': '{{resolve:secretsmanager:${Key}:SecretString:key1}}' };
    const keyIn = (secret: string) => propertyOf(member, { Resources }, { secretValue: () => secret });
    expect(keyIn('{"key1":"hidden","key2":"other"}')).toBe('hidden');
    for (const secret of ['{"key2":"other"}', '{"key1":5}', 'hidden', 'null']) {
      expect(() => keyIn(secret)).toThrow(
        'Resources.It: Could not find a value associated with JSONKey key1',
      );
    }
  });

  it('is made after the secret itself', () => {
    const secretValue = (arn: string, resources: ReturnType<typeof resolve>['resources']) =>
      String(Object.values(resources).find(({ ref }) => ref === arn)?.properties['Description']);
    expect(propertyOf(reference, { Resources }, { secretValue })).toBe('<d>');
  });

  it('stays if there are no values, and in outputs', () => {
    expect(propertyOf(reference, { Resources })).toMatch(/^<\{\{resolve:secretsmanager:arn:.+\}\}>$/);
    expect(outputOf(reference, { Resources }, { secretValue: () => 'hidden' })).toMatch(/^<\{\{resolve:/);
  });

  it.each([
    'ssm:/a',
    'secretsmanager:name',
    'secretsmanager:arn:aws:secretsmanager:x:1:secret:n:SecretBinary',
  ])('of another kind is an error: %s', (name) => {
    expect(() => propertyOf(`{{resolve:${name}}}`, {}, { secretValue: () => '' })).toThrow(
      `Resources.It: Unsupported dynamic reference {{resolve:${name}}}`,
    );
  });
});
