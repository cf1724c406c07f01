import { expect, it } from 'vitest';
import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import { parameterValuesOf } from '../../infra/template/settings.ts';
import { writtenTemplate } from '../support/packaged-template.ts';

const longestStage = 'a'.repeat(20);

/** The most characters of a name, by type of resource. Source: the quotas of each service. */
const limits: Readonly<Record<string, readonly [property: string, most: number]>> = {
  'AWS::ApiGateway::RestApi': ['Name', 1024],
  'AWS::ApiGateway::Stage': ['StageName', 128],
  'AWS::CloudWatch::Alarm': ['AlarmName', 255],
  'AWS::CloudWatch::Dashboard': ['DashboardName', 255],
  'AWS::Events::Rule': ['Name', 64],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName', 128],
  'AWS::IAM::Role': ['RoleName', 64],
  'AWS::Lambda::Function': ['FunctionName', 64],
  'AWS::Logs::LogGroup': ['LogGroupName', 512],
  'AWS::SecretsManager::Secret': ['Name', 512],
  'AWS::SQS::Queue': ['QueueName', 80],
};

const { resources } = resolveTemplate(writtenTemplate, {
  parameters: parameterValuesOf(longestStage, {
    operatorTopicArn: 'arn:aws:sns:us-east-1:123456789012:operators',
    ticketing: { standard: {}, jira: {}, zendesk: { outcomeUrl: 'https://tickets.example.com/' } },
  }),
  place: {
    partition: 'aws',
    region: 'us-east-1',
    accountId: '123456789012',
    urlSuffix: 'amazonaws.com',
    stackName: `mfa-self-service-${longestStage}`,
  },
});

it.each(Object.entries(limits))('names of %s fit in %j for the longest stage', (type, [property, most]) => {
  const names = Object.values(resources)
    .filter((resource) => resource.type === type)
    .flatMap(({ properties }) => properties[property] ?? [])
    .map(String);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => name.length > most)).toEqual([]);
});
