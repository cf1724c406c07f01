import { describe, expect, it } from 'vitest';
import { everySetting } from '../../../infra/audit/every-setting.ts';
import { conditions } from '../../../infra/template/conditions.ts';
import { propertiesOf, resolvedOf, writtenTemplate } from '../../support/packaged-template.ts';

const plain = resolvedOf('live');

/** With one of the settings alone. */
const withOnly = (name: keyof typeof everySetting) => resolvedOf('live', { [name]: everySetting[name] });

/** The logical ids that exist with a setting and not without it. */
const addedBy = (name: keyof typeof everySetting) => {
  const { resources } = withOnly(name);
  return Object.keys(resources).filter((id) => !Object.hasOwn(plain.resources, id));
};

/** Every value of a property in the resources of a type. */
const valuesOf = (resolved: typeof plain, type: string, property: string) =>
  new Set([...propertiesOf(resolved, type).values()].map((properties) => properties[property]));

describe('an optional parameter', () => {
  it.each([
    ['logKmsKeyArn', 'AWS::Logs::LogGroup', 'KmsKeyId', everySetting.logKmsKeyArn],
    ['permissionsBoundaryArn', 'AWS::IAM::Role', 'PermissionsBoundary', everySetting.permissionsBoundaryArn],
    ['reservedConcurrency', 'AWS::Lambda::Function', 'ReservedConcurrentExecutions', '5'],
    ['alarmTopicArn', 'AWS::CloudWatch::Alarm', 'AlarmActions', [everySetting.alarmTopicArn]],
  ] as const)('%s is in every %s, and only if it is given', (name, type, property, value) => {
    expect(valuesOf(plain, type, property)).toEqual(new Set([undefined]));
    expect([...valuesOf(withOnly(name), type, property)].map(String)).toContain(String(value));
    for (const each of valuesOf(withOnly(name), type, property)) expect(each).toEqual(value);
    expect(addedBy(name)).toEqual([]);
  });

  it('tableKmsKeyArn is the key of the table', () => {
    const KMSMasterKeyId = everySetting.tableKmsKeyArn;
    const encryption = (resolved: typeof plain) =>
      resolved.resources['Table']?.properties['SSESpecification'];
    expect(encryption(plain)).toEqual({ SSEEnabled: true });
    expect(encryption(withOnly('tableKmsKeyArn'))).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId,
    });
    expect(addedBy('tableKmsKeyArn')).toEqual([]);
  });

  it('tableKmsKeyArn may be used by those roles alone that have rights to the table, and through DynamoDB', () => {
    const policies = (resolved: typeof plain, name: string) =>
      [...propertiesOf(resolved, 'AWS::IAM::Role')].flatMap(([id, { Policies }]) =>
        Object(Policies)
          .filter(({ PolicyName }: { PolicyName: string }) => PolicyName === name)
          .map(({ PolicyDocument }: { PolicyDocument: object }) => [id, PolicyDocument] as const),
      );
    const resolved = withOnly('tableKmsKeyArn');
    const users = [...propertiesOf(resolved, 'AWS::IAM::Role')].filter(([, { Policies }]) =>
      JSON.stringify(Policies).includes('dynamodb:'),
    );
    expect(policies(plain, 'table-key')).toEqual([]);
    expect(policies(resolved, 'table-key').map(([id]) => id)).toEqual(users.map(([id]) => id));
    for (const [, document] of policies(resolved, 'table-key')) {
      expect(document).toMatchObject({
        Statement: [
          {
            Effect: 'Allow',
            Resource: everySetting.tableKmsKeyArn,
            Condition: {
              StringEquals: {
                'kms:ViaService': ['dynamodb.eu-west-1.amazonaws.com', 'dynamodb.eu-west-1.amazonaws.com'],
              },
            },
          },
        ],
      });
    }
  });

  it('operatorTopicArn adds the rule, and its queue with policy and alarm', () => {
    expect(addedBy('operatorTopicArn').sort()).toEqual([
      'NotifyOperatorsRule',
      'OperatorsDeadLetters',
      'OperatorsDeadLettersAlarm',
      'OperatorsDeadLettersPolicy',
    ]);
  });

  it('allowedOrigins adds preflights, and another deployment in place of the first', () => {
    const { resources } = withOnly('allowedOrigins');
    const added = addedBy('allowedOrigins').map((id) => resources[id]);
    expect(new Set(added.map((resource) => resource?.type))).toEqual(
      new Set(['AWS::ApiGateway::Method', 'AWS::ApiGateway::Deployment']),
    );
    const methods = added.filter((resource) => resource?.type === 'AWS::ApiGateway::Method');
    for (const method of methods) expect(method?.properties['HttpMethod']).toBe('OPTIONS');
    expect(Object.keys(plain.resources).filter((id) => !Object.hasOwn(resources, id))).toEqual([
      'ApiGatewayDeployment1',
    ]);
  });

  it.each([
    ['noticeSender', []],
    ['ticketing', ['Jira', 'JiraOutcome', 'Standard', 'StandardOutcome', 'Zendesk', 'ZendeskOutcome']],
  ] as const)('%s adds the secrets %j', (name, secrets) => {
    expect(addedBy(name).sort()).toEqual(secrets.map((secret) => `TicketingSecret${secret}`));
  });
});

describe('the conditions', () => {
  it('are all used, by resources or by values', () => {
    const { Resources, Outputs, Conditions } = writtenTemplate;
    const text = JSON.stringify({ Resources, Outputs, Conditions });
    const unused = Object.keys(writtenTemplate.Conditions).filter(
      (name) => !text.includes(`"Condition":"${name}"`) && !text.includes(`"Fn::If":["${name}"`),
    );
    expect(unused).toEqual([]);
    expect(Object.keys(Conditions)).toEqual(expect.arrayContaining(Object.keys(conditions)));
  });

  it('leave every reference whole, whatever is given', () => {
    const names = Object.keys(everySetting) as (keyof typeof everySetting)[];
    for (const name of names) {
      const { [name]: _, ...others } = everySetting;
      expect(() => resolvedOf('live', others), name).not.toThrow();
      expect(() => withOnly(name), name).not.toThrow();
    }
  });
});
