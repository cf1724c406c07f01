import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveTemplate } from '../../infra/cloudformation/resolve.ts';
import { parameterValuesOf } from '../../infra/template/settings.ts';
import { webhookSystems } from '../../shared/contract/ticketing.ts';
import { writtenTemplate } from '../support/packaged-template.ts';

/**
 * By type, properties that cannot be changed in place: CloudFormation makes another resource, and only then deletes the
 * old one. Two resources cannot have one name, so the update fails; and a new table would be empty.
 * Source: "Update requires: Replacement", CloudFormation template reference.
 */
const createOnly: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Stage': ['StageName'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::DynamoDB::Table': ['KeySchema', 'TableName'],
  'AWS::Events::Rule': ['Name'],
  'AWS::IAM::ManagedPolicy': ['Description', 'ManagedPolicyName', 'Path'],
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
};

type Values = Readonly<Record<string, string>>;

/** What releases have had so far, by logical id; `${Stage}` stands for the stage. */
const released: Readonly<Record<string, Values>> = JSON.parse(
  readFileSync(new URL('create-only.json', import.meta.url), 'utf8'),
);

const stage = 'any-stage';
const { resources } = resolveTemplate(writtenTemplate, {
  parameters: parameterValuesOf(stage, {
    operatorTopicArn: 'arn:aws:sns:us-east-1:111122223333:operators',
    ticketing: Object.fromEntries(
      webhookSystems.map((system) => [system, { outcomeUrl: 'https://tickets.example.com/outcomes' }]),
    ),
  }),
  place: {
    accountId: '111122223333',
    region: 'us-east-1',
    partition: 'aws',
    urlSuffix: 'amazonaws.com',
    stackName: 'any',
  },
});

const values = Object.entries(resources).map(([id, { type, properties }]) => {
  const frozen = (createOnly[type] ?? []).filter((property) => properties[property] !== undefined);
  return [
    id,
    Object.fromEntries(frozen.map((property) => [property, textOf(properties[property])])),
  ] as const;
});
const now: Readonly<Record<string, Values>> = Object.fromEntries(
  values.filter(([, one]) => Object.keys(one).length > 0),
);

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(stage, `\${Stage}`);
}

/** What keeps a stack with the released values from being updated, and what to do about it. */
function obstacles(made: Readonly<Record<string, Values>>): readonly string[] {
  const owners = new Map(
    Object.entries(released).flatMap(([id, values]) => namesIn(values).map((name) => [name, id] as const)),
  );
  return Object.entries(made).flatMap(([id, values]) => {
    const before = released[id];
    if (before === undefined) {
      const taken = namesIn(values).map((name) => owners.get(name));
      return taken.some((owner) => owner !== undefined)
        ? [`${id} takes the name of ${taken.join()}: keep the logical id, or choose another name`]
        : [`${id} is new: add "${id}": ${JSON.stringify(values)} to create-only.json`];
    }
    return [...new Set([...Object.keys(before), ...Object.keys(values)])]
      .filter((property) => before[property] !== values[property])
      .map(
        (property) =>
          `${id}: ${property} was ${before[property]}: leave it, or make a new resource with another logical id and name`,
      );
  });
}

/** Names are unique among resources of a kind, whatever their paths; a stage's only within its API. */
const namesIn = (values: Values): readonly string[] =>
  Object.keys(values)
    .filter((property) => /Name$/.test(property) && property !== 'StageName')
    .map((property) => `${property} ${values[property]}`);

describe('what cannot be changed in place', () => {
  it('is as released, in every resource', () => {
    expect(obstacles(now)).toEqual([]);
  });

  it('is compared for resources of all kinds', () => {
    const types = new Set(Object.keys(now).map((id) => resources[id]?.type));
    expect([...types].sort()).toEqual(Object.keys(createOnly).sort());
  });

  it.each([
    [
      'another word in a description',
      {
        SelfServicePolicy: {
          ...now['SelfServicePolicy'],
          Description: 'Lets users manage their own MFA devices.',
        },
      },
      'SelfServicePolicy: Description was Lets IAM users manage',
    ],
    ['another path', { DeviceRole: { ...now['DeviceRole'], Path: '/mfa/' } }, 'DeviceRole: Path was'],
    [
      'a path that was not there',
      { SelfServicePolicy: { ...now['SelfServicePolicy'], Path: '/mfa/' } },
      'SelfServicePolicy: Path was undefined',
    ],
    [
      'another logical id for a resource with the same name',
      { OwnDevicesRole: now['DeviceRole'] ?? {} },
      'OwnDevicesRole takes the name of DeviceRole',
    ],
    ['a new resource', { NewRole: { RoleName: 'new' } }, 'NewRole is new: add "NewRole": {"RoleName":"new"}'],
  ])('names %s', (_, changed, named) => {
    expect(obstacles(changed)).toEqual([expect.stringContaining(named)]);
  });
});
