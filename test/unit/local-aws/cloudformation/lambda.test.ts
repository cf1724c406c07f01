import { describe, expect, it } from 'vitest';
import { functionsOf, permissionsOf } from '../../../../local-aws/cloudformation/lambda.ts';
import { allow, arn, lambda, queue, resolved, role } from './resources.ts';

const functionWith = (changes: object = {}, others = {}) =>
  functionsOf(resolved({ Role: role(), Function: lambda(changes), ...others }));

describe('a function of the template', () => {
  it('has its name, code, role, limits and environment', () => {
    const changes = {
      Timeout: 15,
      MemorySize: '1024',
      ReservedConcurrentExecutions: '7',
      Environment: { Variables: { STAGE: 'local', AGE: 900, YES: true, ROLE: { Ref: 'Role' } } },
      Architectures: ['arm64'],
      Code: { S3Bucket: 'b', S3Key: 'k' },
      TracingConfig: { Mode: 'Active' },
    };
    expect(functionWith(changes)).toEqual([
      {
        name: 'shop-sell',
        arn: arn('lambda', 'function:shop-sell'),
        code: 'sell',
        roleName: 'seller',
        timeoutSeconds: 15,
        memoryMegabytes: 1024,
        reservedConcurrency: 7,
        variables: { STAGE: 'local', AGE: '900', YES: 'true', ROLE: 'seller' },
        asynchronous: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 },
      },
    ]);
  });

  it("has Lambda's defaults", () => {
    const [definition] = functionWith();
    expect(definition).toMatchObject({ timeoutSeconds: 3, memoryMegabytes: 128, variables: {} });
    expect(definition).not.toHaveProperty('reservedConcurrency');
  });

  it.each<[string, object, string]>([
    ['another handler', { Handler: 'sell.handler' }, 'Handler: must be dist/<name>/index.handler'],
    ['another runtime', { Runtime: 'nodejs22.x' }, 'Runtime'],
    ['an unknown property', { Layers: [] }, 'Layers'],
    [
      'a role of elsewhere',
      { Role: 'arn:aws:iam::123456789012:role/other' },
      'is not a role of the template',
    ],
    ['a strange timeout', { Timeout: 'soon' }, 'Timeout'],
  ])('is refused with %s', (_name, changes, message) => {
    expect(() => functionWith(changes)).toThrow(/^Function/);
    expect(() => functionWith(changes)).toThrow(message);
  });

  it('is refused if Lambda cannot assume its role', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const Role = role({ AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [statement] } });
    expect(() => functionWith({}, { Role })).toThrow('cannot be assumed by Lambda');
  });
});

describe('asynchronous invocations', () => {
  const config = (changes: object) => ({
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Function' }, Qualifier: '$LATEST', ...changes },
    },
    Letters: queue(),
  });

  it.each<[object, object]>([
    [{}, { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 }],
    [{ MaximumRetryAttempts: 0 }, { maximumRetryAttempts: 0, maximumEventAgeSeconds: 21_600 }],
    [{ MaximumEventAgeInSeconds: 60 }, { maximumRetryAttempts: 2, maximumEventAgeSeconds: 60 }],
    [
      { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Letters', 'Arn'] } } } },
      { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, onFailure: arn('sqs', 'letters') },
    ],
    [
      { FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] }, MaximumRetryAttempts: 1 },
      { maximumRetryAttempts: 1, maximumEventAgeSeconds: 21_600 },
    ],
  ])('with %j are %j', (changes, asynchronous) => {
    expect(functionWith({}, config(changes))).toMatchObject([{ asynchronous }]);
  });

  it.each([{ DestinationConfig: { OnSuccess: {} } }, { Qualifier: 'live' }, { Retries: 1 }])(
    'with %j are refused',
    (changes) => {
      expect(() => functionWith({}, config(changes))).toThrow('Config (AWS::Lambda::EventInvokeConfig)');
    },
  );
});

describe('a permission', () => {
  const SourceArn = arn('events', 'rule/hourly');
  const properties = {
    Action: 'lambda:InvokeFunction',
    FunctionName: 'shop-sell',
    Principal: 'events.amazonaws.com',
    SourceArn,
  };
  const invoker = { service: 'events.amazonaws.com', sourceArn: SourceArn };
  const read = (changes: object) =>
    permissionsOf(
      resolved({
        Permission: { Type: 'AWS::Lambda::Permission', Properties: { ...properties, ...changes } },
      }),
    );

  it.each<[boolean, string, object]>([
    [true, 'that source', {}],
    [true, 'the function by its ARN', { FunctionName: arn('lambda', 'function:shop-sell') }],
    [true, 'sources by pattern', { SourceArn: arn('events', 'rule/*') }],
    [true, 'any source', { SourceArn: { Ref: 'AWS::NoValue' } }],
    [true, 'that account', { SourceAccount: '123456789012' }],
    [false, 'another function', { FunctionName: 'shop-sel' }],
    [false, 'another service', { Principal: 'logs.amazonaws.com' }],
    [false, 'another source', { SourceArn: arn('events', 'rule/daily') }],
    [false, 'another account', { SourceAccount: '210987654321' }],
    [false, 'a pattern of another Region', { SourceArn: 'arn:aws:events:us-west-2:*:rule/*' }],
  ])('%s: lets in %s', (expected, _name, changes) => {
    expect(read(changes)('shop-sell', invoker)).toBe(expected);
  });

  it('that is missing lets nobody in', () => {
    expect(permissionsOf(resolved({}))('shop-sell', invoker)).toBe(false);
  });

  it.each([{ Action: 'lambda:*' }, { FunctionUrlAuthType: 'NONE' }, { PrincipalOrgID: 'o-1' }])(
    'with %j is refused',
    (changes) => {
      expect(() => read(changes)).toThrow('Permission (AWS::Lambda::Permission)');
    },
  );
});

it('a policy of the role is not one of the function', () => {
  const Role = role({ Policies: [{ PolicyName: 'a', PolicyDocument: allow('lambda:InvokeFunction') }] });
  const mayInvoke = permissionsOf(resolved({ Role, Function: lambda() }));
  expect(mayInvoke('shop-sell', { service: 'events.amazonaws.com', sourceArn: '' })).toBe(false);
});
