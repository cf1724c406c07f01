import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gatewayResponseResources } from '../../infra/gateway-responses.ts';
import { selfServicePolicy } from '../../infra/managed-policies.ts';
import { loadOperations } from '../../infra/operations.ts';
import { resourcePolicy, resourcePolicyLimit } from '../../infra/resource-policy.ts';
import {
  deviceRole,
  functionName,
  functionRole,
  maintenanceRole,
  maintenanceRoleArn,
  type Role,
  scheduledFunctionRole,
} from '../../infra/roles.ts';
import { scheduledFunctions } from '../../infra/scheduled.ts';
import { roleLogicalId, withSub } from '../../infra/serverless/template.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { parseEnv } from '../../shared/env.ts';
import { packageService, type Resource } from './package-service.ts';

const operations = await loadOperations();
const stage = 'live';
const names = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '123456789012',
  apiId: 'api123',
  tableName: 'table-1',
  stage,
};
const settings = { stage, stepUpMaxAge: 600 };
/** Functions with a contract, and those that a schedule invokes; there are no others. */
const allFunctions = [...operations, ...scheduledFunctions];
const functionNames = allFunctions.map(({ name }) => name);
const template = packageService(functionNames, '--stage', stage, '--param=stepUpMaxAge=600');

/** What CloudFormation would put in place of its functions and parameters. */
const values: Readonly<Record<string, string>> = {
  'AWS::Partition': names.partition,
  'AWS::Region': names.region,
  'AWS::AccountId': names.accountId,
  'AWS::URLSuffix': 'amazonaws.com',
  ApiGatewayRestApi: names.apiId,
  Table: names.tableName,
  CursorSecret1: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:CursorSecret1-AbCdEf',
};

/** Resolves `Ref`, `Fn::Join`, `Fn::Sub`, and of `Fn::If` the first branch; a role's `Fn::GetAtt` becomes its ARN. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const [[key, argument] = ['', undefined]] = members;
  if (key === 'Ref') return values[String(argument)];
  if (key === 'Fn::Join' && Array.isArray(argument)) return Object(resolved(argument[1])).join(argument[0]);
  if (key === 'Fn::If' && Array.isArray(argument)) return resolved(argument[1]);
  if (key === 'Fn::GetAtt' && Array.isArray(argument)) return roleArn(template.Resources[argument[0]]);
  if (key === 'Fn::Sub')
    return String(argument).replaceAll(/\$\{([^!}][^}]*)\}/g, (_, name) => String(values[name]));
  return Object.fromEntries(members.map(([name, member]) => [name, resolved(member)]));
}

function roleArn(role: Resource | undefined): string {
  const { Path, RoleName } = role?.Properties ?? {};
  return `arn:aws:iam::${names.accountId}:role${Path}${RoleName}`;
}

/** A policy with every element that may be one or many as many: osls turns lists of one into their element. */
function normalized(policy: unknown): unknown {
  const text = JSON.stringify(policy, (key, value) =>
    ['Action', 'Resource'].includes(key) && typeof value === 'string' ? [value] : value,
  );
  return JSON.parse(text);
}

const ofType = (type: string) => Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

const functions = new Map(
  ofType('AWS::Lambda::Function').map(([id, { Properties }]) => [
    Properties['FunctionName'],
    { id, Properties },
  ]),
);
const functionOf = ({ name }: Pick<Operation, 'name'>) => functions.get(functionName(stage, name));

/** The path of a resource of the API, from its chain of parents. */
function pathOf(reference: unknown): string {
  const id = String(Object(reference).Ref);
  const properties = template.Resources[id]?.Properties;
  return properties === undefined ? '' : `${pathOf(properties['ParentId'])}/${properties['PathPart']}`;
}

const methods = ofType('AWS::ApiGateway::Method').map(([, { Properties }]) => ({
  route: `${Properties['HttpMethod']} ${pathOf(Properties['ResourceId'])}`,
  authorization: Properties['AuthorizationType'],
  integration: JSON.stringify(Properties['Integration']),
}));

describe('contracts, functions and serverless.yml', () => {
  it('name the same operations', () => {
    const files = readdirSync(new URL('../../functions/', import.meta.url));
    expect(files.sort()).toEqual(functionNames.map((name) => `${name}.ts`).sort());
    expect([...functions.keys()].sort()).toEqual(
      functionNames.map((name) => functionName(stage, name)).sort(),
    );
  });

  it('name the same routes', () => {
    const routes = operations.map(({ method, path }) => `${method} ${path}`);
    expect(methods.map(({ route }) => route).sort()).toEqual(routes.sort());
  });

  it.each(operations)('lead the route of $name to its function, signed', (operation) => {
    const method = methods.find(({ route }) => route === `${operation.method} ${operation.path}`);
    expect(method?.authorization).toBe(operation.gate === 'anonymous' ? 'NONE' : 'AWS_IAM');
    expect(method?.integration).toContain(`"Fn::GetAtt":["${functionOf(operation)?.id}","Arn"]`);
  });

  it.each(allFunctions)('run the bundle of $name as Lambda is meant to', (definition) => {
    expect(functionOf(definition)?.Properties).toMatchObject({
      Handler: `dist/${definition.name}/index.handler`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Timeout: 'timeoutSeconds' in definition ? definition.timeoutSeconds : 15,
    });
    expect(JSON.stringify(functionOf(definition)?.Properties['Code'])).toContain(`/${definition.name}.zip`);
  });
});

describe('the settings of the functions', () => {
  it.each(operations)('of $name are what it reads', (operation) => {
    const { Variables } = Object(functionOf(operation)?.Properties['Environment']);
    const variables = Object(resolved(Variables));
    expect(Object.keys(variables).sort()).toEqual(Object.keys(parseEnv(variables)).sort());
    expect(variables).toMatchObject({
      STAGE: stage,
      API_ID: names.apiId,
      TABLE_NAME: names.tableName,
      DEVICE_ROLE_ARN: 'arn:aws:iam::123456789012:role/mfa-self-service-live-device',
      STS_ENDPOINT: 'https://sts.eu-west-1.amazonaws.com',
      STS_OTHER_ENDPOINTS: 'https://sts.amazonaws.com',
      STEP_UP_MAX_AGE: '600',
      ALLOWED_ORIGINS: '',
      CURSOR_KEY: `{{resolve:secretsmanager:${values['CursorSecret1']}}}`,
    });
  });
});

describe('scheduled functions', () => {
  it.each(scheduledFunctions)(
    'of which $name is one, are invoked by their schedule alone, once',
    (scheduled) => {
      const { id } = functionOf(scheduled) ?? {};
      const naming = Object.entries(template.Resources).filter(([other, resource]) => {
        return other !== id && JSON.stringify(resource).includes(`"${id}"`);
      });
      const types = naming.map(([, { Type }]) => Type);
      expect(types.sort()).toEqual([
        'AWS::Events::Rule',
        'AWS::Lambda::EventInvokeConfig',
        'AWS::Lambda::Permission',
      ]);
      const [rule] = ofType('AWS::Events::Rule');
      expect(rule?.[1].Properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
      const [retries] = ofType('AWS::Lambda::EventInvokeConfig');
      expect(retries?.[1].Properties).toMatchObject({ MaximumRetryAttempts: 0 });
    },
  );

  it.each(scheduledFunctions)('of which $name is one, know the maintenance role', (scheduled) => {
    const { Variables } = Object(functionOf(scheduled)?.Properties['Environment']);
    expect(resolved(Variables)).toMatchObject({
      STAGE: stage,
      TABLE_NAME: names.tableName,
      MAINTENANCE_ROLE_ARN: maintenanceRoleArn(names),
    });
  });
});

describe('the parameters of serverless.yml', () => {
  it('have the defaults that the functions have', () => {
    const [{ Properties } = { Properties: {} }] = functions.values();
    const variables = Object(resolved(Object(Object(Properties)['Environment'])['Variables']));
    const { BASE_PATH, ENROLMENT_EXPIRES_AFTER, OTPAUTH_ISSUER, OTPAUTH_LABEL, ...others } = variables;
    expect(parseEnv(others)).toEqual(parseEnv(variables));
  });
});

describe('roles and policies', () => {
  /** What the template makes of a role, once deployed. */
  function expectRole(logicalId: string, role: Role) {
    const resource = template.Resources[logicalId];
    expect(resource?.Type).toBe('AWS::IAM::Role');
    expect(normalized(resolved(resource?.Properties))).toEqual(
      normalized({
        Path: role.path,
        RoleName: role.name,
        AssumeRolePolicyDocument: role.trustPolicy,
        Policies: [{ PolicyName: role.policyName, PolicyDocument: role.policy }],
        MaxSessionDuration: role.maxSessionDuration,
      }),
    );
  }

  it.each(operations)('give $name the role made from its contract', (operation) => {
    expect(functionOf(operation)?.Properties['Role']).toEqual({
      'Fn::GetAtt': [roleLogicalId(operation), 'Arn'],
    });
    expectRole(roleLogicalId(operation), functionRole(operation, names));
  });

  it('give the functions a device role made from all contracts', () => {
    expectRole('DeviceRole', deviceRole(operations, names));
  });

  it.each(scheduledFunctions)('give the scheduled $name a role of its own', (scheduled) => {
    expect(functionOf(scheduled)?.Properties['Role']).toEqual({
      'Fn::GetAtt': [roleLogicalId(scheduled), 'Arn'],
    });
    expectRole(roleLogicalId(scheduled), scheduledFunctionRole(scheduled, names));
  });

  it('give the scheduled functions a maintenance role', () => {
    expectRole('MaintenanceRole', maintenanceRole(names));
  });

  it('are no others', () => {
    expect(
      ofType('AWS::IAM::Role')
        .map(([id]) => id)
        .sort(),
    ).toEqual([...allFunctions.map(roleLogicalId), 'DeviceRole', 'MaintenanceRole'].sort());
    expect(ofType('AWS::IAM::Policy')).toEqual([]);
    expect(ofType('AWS::Lambda::Url')).toEqual([]);
  });

  it('give users a policy for the self-service routes, whose ARN is an output', () => {
    const { PolicyDocument } = template.Resources['SelfServicePolicy']?.Properties ?? {};
    expect(normalized(resolved(PolicyDocument))).toEqual(normalized(selfServicePolicy(operations, names)));
    expect(template.Outputs['SelfServicePolicyArn']?.Value).toEqual({ Ref: 'SelfServicePolicy' });
  });
});

describe('the API', () => {
  const api = template.Resources['ApiGatewayRestApi']?.Properties;

  it('has the resource policy of the local gateway', () => {
    expect(normalized(api?.['Policy'])).toEqual(normalized(resourcePolicy(operations, settings)));
    expect(JSON.stringify(api?.['Policy']).length).toBeLessThan(resourcePolicyLimit);
  });

  it('answers images as bytes', () => {
    const images = operations.flatMap(({ media }) => media).filter((type) => type === 'image/png');
    expect(api?.['BinaryMediaTypes']).toEqual([...new Set(images)]);
  });

  it('makes the answers of the local gateway, and its deployment waits for them', () => {
    const responses = gatewayResponseResources(settings);
    expect(Object.fromEntries(ofType('AWS::ApiGateway::GatewayResponse'))).toEqual(responses);
    const [deployment] = ofType('AWS::ApiGateway::Deployment');
    expect(deployment?.[1].DependsOn).toEqual(expect.arrayContaining(Object.keys(responses)));
    expect(deployment?.[1].DependsOn).toEqual(
      expect.arrayContaining(ofType('AWS::ApiGateway::Method').map(([id]) => id)),
    );
  });
});

describe('the stack', () => {
  it('keeps the table, its past and its expiry', () => {
    expect(template.Resources['Table']).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      },
    });
  });

  it('keeps every log for some time, not for ever', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(allFunctions.length + 1);
    for (const [, { Properties }] of groups) expect(Properties['RetentionInDays']).toBe(90);
  });

  it('stays below the number of resources that CloudFormation takes', () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(450);
  });
});

describe('placeholders', () => {
  it('are left to CloudFormation, and the variables of IAM to IAM', () => {
    const own = `user/\${aws:username}/\${*}`;
    expect(withSub({ Resource: [`arn:\${AWS::Partition}:iam::\${Table}:${own}`, '*'] })).toEqual({
      Resource: [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${Table}:user/\${!aws:username}/\${!*}` }, '*'],
    });
  });
});
