import { describe, expect, it } from 'vitest';
import { everySetting } from '../../../infra/audit/every-setting.ts';
import { withSub } from '../../../infra/template/placeholders.ts';
import { backgroundFunctions } from '../../../shared/contract/background-functions.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { tableIndexes } from '../../../shared/contract/table.ts';
import { place, propertiesOf, resolvedOf, writtenTemplate } from '../../support/packaged-template.ts';

const functions = [...(await loadOperations()), ...backgroundFunctions];
const resolved = resolvedOf('live');
const tableOf = (template: typeof resolved) => template.resources['Table']?.properties ?? {};

describe('the table', () => {
  it('outlives the stack, unless its creation fails', () => {
    expect(writtenTemplate.Resources['Table']).toMatchObject({
      Type: 'AWS::DynamoDB::Table',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('is encrypted and on demand, with point-in-time recovery and expiry', () => {
    expect(tableOf(resolved)).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
    expect(tableOf(resolved)).not.toHaveProperty('TableName');
    expect(resolved.outputs['TableName']).toBe(resolved.resources['Table']?.ref);
  });

  it('has the indexes for finding recoveries', () => {
    const { GlobalSecondaryIndexes, AttributeDefinitions } = tableOf(resolved);
    expect(GlobalSecondaryIndexes).toEqual(
      Object.entries(tableIndexes).map(([IndexName, { partition, sort }]) => ({
        IndexName,
        KeySchema: [
          { AttributeName: partition, KeyType: 'HASH' },
          { AttributeName: sort, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      })),
    );
    const defined = Object(AttributeDefinitions).map(
      ({ AttributeName }: { AttributeName: string }) => AttributeName,
    );
    const keys = Object.values(tableIndexes).flatMap(({ partition, sort }) => [partition, sort]);
    expect([...defined].sort()).toEqual([...new Set(['pk', ...keys])].sort());
  });
});

describe('logs', () => {
  it.each([
    [{}, '90'],
    [{ logRetentionInDays: 30 }, '30'],
  ])('are all kept for a limited time with %j', (settings, days) => {
    const groups = [...propertiesOf(resolvedOf('live', settings), 'AWS::Logs::LogGroup').values()];
    expect(groups).toHaveLength(functions.length + 1);
    for (const { RetentionInDays } of groups) expect(RetentionInDays).toBe(days);
  });
});

describe('the outputs', () => {
  it('are what to attach, call and inspect', () => {
    expect(Object.keys(resolved.outputs).sort()).toEqual([
      'AuditorPolicyArn',
      'DeviceReadRoleArn',
      'DeviceRoleArn',
      'EnrolmentHoldPolicyArn',
      'RecoveryAgentPolicyArn',
      'RecoveryApproverPolicyArn',
      'RecoveryRoleArn',
      'SelfServicePolicyArn',
      'ServiceEndpoint',
      'Stage',
      'TableName',
    ]);
    expect(resolved.outputs['ServiceEndpoint']).toBe(
      `https://${place.apiId}.execute-api.eu-west-1.amazonaws.com/live`,
    );
  });

  it('have the domain of the partition', () => {
    const where = { partition: 'aws-cn', region: 'cn-northwest-1', urlSuffix: 'amazonaws.com.cn' };
    expect(resolvedOf('live', {}, where).outputs['ServiceEndpoint']).toContain(
      '.cn-northwest-1.amazonaws.com.cn/',
    );
  });
});

/** Source: "CloudFormation quotas", CloudFormation user guide. */
describe('CloudFormation’s limits', () => {
  it('are kept by the template', () => {
    expect(JSON.stringify(writtenTemplate).length).toBeLessThan(1_000_000);
    expect(Object.keys(writtenTemplate.Parameters).length).toBeLessThanOrEqual(200);
    expect(Object.keys(writtenTemplate.Outputs).length).toBeLessThanOrEqual(200);
    for (const { Description } of Object.values(writtenTemplate.Parameters))
      expect(Description.length).toBeLessThanOrEqual(4000);
  });

  it('are kept by its resources, with everything on', () => {
    const { resources } = resolvedOf('live', everySetting);
    // All but the deployment that serves no preflights.
    expect(Object.keys(resources)).toHaveLength(Object.keys(writtenTemplate.Resources).length - 1);
    expect(Object.keys(writtenTemplate.Resources).length).toBeLessThanOrEqual(450);
  });

  it('are kept by the values of parameters', () => {
    const { MaxLength } = writtenTemplate.Parameters['Ticketing'] ?? {};
    expect(MaxLength).toBeLessThanOrEqual(4096);
  });
});

describe('placeholders', () => {
  it('are left to CloudFormation, and IAM’s variables to IAM', () => {
    const own = `user/\${aws:username}/\${*}`;
    expect(withSub({ Resource: [`arn:\${AWS::Partition}:iam::\${Table}:${own}`, '*'] })).toEqual({
      Resource: [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${Table}:user/\${!aws:username}/\${!*}` }, '*'],
    });
  });

  it('that are the whole become a reference', () => {
    expect(withSub({ one: `\${Stage}`, other: 'live' })).toEqual({ one: { Ref: 'Stage' }, other: 'live' });
  });
});
