import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assumedRoleArn, assumedRoleOf, assumedRoles } from '../../infra/policies/assumed-roles.ts';
import { backgroundRole, functionRole } from '../../infra/policies/function-roles.ts';
import {
  enrolmentHoldPolicy,
  selfServicePolicy,
  staffPolicy,
} from '../../infra/policies/managed-policies.ts';
import type { Role } from '../../infra/policies/policy-document.ts';
import { resourcePolicy, resourcePolicyLimit } from '../../infra/policies/resource-policy.ts';
import { gatewayResponseResources } from '../../infra/template/gateway-responses.ts';
import { withSub } from '../../infra/template/placeholders.ts';
import { enrolmentHoldArn, functionName } from '../../infra/template/resource-names.ts';
import { roleLogicalId } from '../../infra/template/role-resources.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import { noticeSettings } from '../../shared/config/notices.ts';
import { recoverySettings } from '../../shared/config/recoveries.ts';
import {
  type AssumedRole,
  backgroundFunctions,
  scheduledFunctions,
} from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { tableIndexes } from '../../shared/contract/table.ts';
import { packageService, type Resource } from './package-service.ts';

const operations = await loadOperations();
const stage = 'live';
const names = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '123456789012',
  apiId: 'api123',
  tableName: 'table-1',
  noticeSender: '',
  stage,
};
const settings = { stage, stepUpMaxAge: 600 };
/** All functions: those with a contract and those without a route. */
const allFunctions = [...operations, ...backgroundFunctions];
const works: readonly AssumedRole[] = ['device', 'device-read', 'audit', 'maintenance', 'recovery'];
const functionNames = allFunctions.map(({ name }) => name);
const template = packageService(functionNames, '--stage', stage, '--param=stepUpMaxAge=600');

/** The values that CloudFormation would substitute. */
const values: Readonly<Record<string, string>> = {
  'AWS::Partition': names.partition,
  'AWS::Region': names.region,
  'AWS::AccountId': names.accountId,
  'AWS::URLSuffix': 'amazonaws.com',
  ApiGatewayRestApi: names.apiId,
  Table: names.tableName,
  CursorSecret1: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:CursorSecret1-AbCdEf',
};

/** Resolves `Ref`, `Fn::Join`, `Fn::Sub` and the first branch of `Fn::If`; a role's `Fn::GetAtt` becomes its ARN. */
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

/** A policy with single elements as lists: osls unwraps lists of one. */
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

/** The path of an API resource, from its chain of parents. */
function pathOf(reference: unknown): string {
  const id = String(Object(reference).Ref);
  const properties = template.Resources[id]?.Properties;
  return properties === undefined ? '' : `${pathOf(properties['ParentId'])}/${properties['PathPart']}`;
}

const methods = ofType('AWS::ApiGateway::Method').map(([, { Properties }]) => ({
  route: `${Properties['HttpMethod']} ${pathOf(Properties['ResourceId']) || '/'}`,
  authorization: Properties['AuthorizationType'],
  integration: JSON.stringify(Properties['Integration']),
}));

describe('the functions', () => {
  it('have a file each, and there are no other files', () => {
    const files = ['api', 'background'].flatMap((folder) =>
      readdirSync(new URL(`../../functions/${folder}/`, import.meta.url)),
    );
    expect(files.sort()).toEqual(functionNames.map((name) => `${name}.ts`).sort());
  });

  it('are all in the template, with just the routes of their contracts', () => {
    expect([...functions.keys()].sort()).toEqual(
      functionNames.map((name) => functionName(stage, name)).sort(),
    );
    const routes = operations.map(({ method, path }) => `${method} ${path}`);
    expect(methods.map(({ route }) => route).sort()).toEqual(routes.sort());
  });

  it.each(operations)(
    'are integrated with the route of $name, signed unless it is anonymous',
    (operation) => {
      const method = methods.find(({ route }) => route === `${operation.method} ${operation.path}`);
      expect(method?.authorization).toBe(operation.gate === 'anonymous' ? 'NONE' : 'AWS_IAM');
      expect(method?.integration).toContain(`"Fn::GetAtt":["${functionOf(operation)?.id}","Arn"]`);
    },
  );

  it.each(allFunctions)('run the bundle of $name with the intended Lambda settings', (definition) => {
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

/** The environment of a function as deployed. */
function variablesOf(definition: Pick<Operation, 'name'>): Readonly<Record<string, string>> {
  const { Variables } = Object(functionOf(definition)?.Properties['Environment']);
  return Object(resolved(Variables));
}

/** The names of the functions that have a variable. */
const having = (variable: string) =>
  functionNames.filter((name) => Object.hasOwn(variablesOf({ name }), variable));

describe('the settings of the functions', () => {
  it.each(allFunctions)('of $name include the common ones', (definition) => {
    const variables = variablesOf(definition);
    const { FIRST_DEVICE, RESYNC_COOL_DOWN, ...read } = deploymentSettings(variables);
    expect(Object.keys(variables)).toEqual(expect.arrayContaining(Object.keys(read)));
    expect(variables).toMatchObject({
      STAGE: stage,
      API_ID: names.apiId,
      STEP_UP_MAX_AGE: '600',
      ALLOWED_ORIGINS: '',
    });
  });

  const assumers = [
    ...operations.map((operation) => ({ name: operation.name, assumes: assumedRoleOf(operation) })),
    ...backgroundFunctions,
  ];

  it.each(assumers)('of $name name the role it assumes and no other', ({ name, assumes }) => {
    const named = Object.entries(variablesOf({ name })).filter(([variable]) =>
      variable.endsWith('_ROLE_ARN'),
    );
    const variable = assumes === 'device-read' ? 'DEVICE_ROLE_ARN' : `${assumes?.toUpperCase()}_ROLE_ARN`;
    expect(named).toEqual(assumes === undefined ? [] : [[variable, assumedRoleArn(names, assumes)]]);
  });

  it('name the table for functions that have rights to it', () => {
    const users = allFunctions.filter(({ table }) => Object.keys(table).length > 0).map(({ name }) => name);
    expect(having('TABLE_NAME').sort()).toEqual(users.sort());
    for (const name of users) expect(variablesOf({ name })['TABLE_NAME']).toBe(names.tableName);
  });

  it('have the key of the cursors where lists are given out', () => {
    const lists = ['list-mfa-devices', 'list-my-recoveries', 'list-recoveries'];
    expect(having('CURSOR_KEY').sort()).toEqual(lists);
    const resolved = `{{resolve:secretsmanager:${values['CursorSecret1']}}}`;
    for (const name of lists) expect(variablesOf({ name })['CURSOR_KEY']).toBe(resolved);
  });

  it('name the endpoints of STS where users get sessions', () => {
    expect(having('STS_ENDPOINT')).toEqual(['create-session', 'get-me']);
    expect(variablesOf({ name: 'get-me' })).toMatchObject({
      STS_ENDPOINT: 'https://sts.eu-west-1.amazonaws.com',
      STS_OTHER_ENDPOINTS: 'https://sts.amazonaws.com',
    });
  });

  it.each(['get-health', 'get-docs', 'get-openapi', 'get-portal'])(
    'of %s, which anyone may call, hold no key and name no role and no table',
    (name) => {
      const suspicious = Object.keys(variablesOf({ name })).filter((variable) =>
        /KEY|SECRET|ROLE|ARN|TABLE|TICKETING|EXECUTOR|STS/.test(variable),
      );
      expect(suspicious).toEqual([]);
    },
  );

  it('name the hold for functions that attach or detach it', () => {
    expect(having('ENROLMENT_HOLD_ARN')).toEqual(
      expect.arrayContaining(['enable-first-mfa-device', 'execute-recoveries']),
    );
    for (const name of having('ENROLMENT_HOLD_ARN')) {
      expect(variablesOf({ name })['ENROLMENT_HOLD_ARN']).toBe(enrolmentHoldArn(names));
    }
  });

  it('say when a first device needs a pass, for functions that check or request one', () => {
    expect(having('FIRST_DEVICE')).toEqual(
      expect.arrayContaining([
        'create-first-mfa-device',
        'enable-first-mfa-device',
        'receive-ticket',
        'request-recovery',
      ]),
    );
  });

  it.each([
    ['RECOVERY_ROLE_ARN', ['execute-recoveries']],
    ['MAINTENANCE_ROLE_ARN', ['delete-expired-devices']],
    ['EXECUTOR_NAME', ['approve-recovery']],
    ['TICKETING', ['receive-ticket', 'request-recovery', 'report-outcome']],
    ['OUTCOME_PRIVATE_ADDRESSES', ['report-outcome']],
    ['NOTICE_SENDER', ['notify-subject']],
    ['NOTICE_CONTACT', ['notify-subject']],
  ])('give %s only to functions that need it', (variable, owners) => {
    expect(having(variable).sort()).toEqual([...owners].sort());
  });

  it('give the recovery rules to all recovery functions', () => {
    const concerned = allFunctions
      .filter(({ table }) => table.recovery !== undefined)
      .map(({ name }) => name);
    for (const name of ['RECOVERY_APPROVALS', 'RECOVERY_EXPIRES_AFTER', 'RECOVERY_DAILY_LIMIT']) {
      expect(concerned).toEqual(expect.arrayContaining(having(name)));
      expect(having(name)).toEqual(expect.arrayContaining(['request-recovery', 'approve-recovery']));
    }
  });

  it('name the function that executes recoveries', () => {
    const { EXECUTOR_NAME } = variablesOf({ name: 'approve-recovery' });
    expect([...functions.keys()]).toContain(EXECUTOR_NAME);
  });
});

describe('the trigger of a function without a route', () => {
  /** Types of the resources that name a function, except its own. */
  const naming = ({ name }: Pick<Operation, 'name'>) => {
    const { id } = functionOf({ name }) ?? {};
    return Object.entries(template.Resources)
      .filter(([other, resource]) => other !== id && JSON.stringify(resource).includes(`"${id}"`))
      .map(([, { Type }]) => Type);
  };
  const [rule, retries] = ['AWS::Events::Rule', 'AWS::Lambda::EventInvokeConfig'];
  const permission = 'AWS::Lambda::Permission';

  it.each(scheduledFunctions)('is a single schedule for $name', (scheduled) => {
    expect(naming(scheduled).sort()).toEqual([rule, retries, permission]);
  });

  it.each([
    ['delete-expired-devices', 'rate(1 hour)'],
    ['execute-recoveries', 'rate(1 minute)'],
  ])('runs %s at %s without retries, as the next run catches up', (name, ScheduleExpression) => {
    const { id } = functionOf({ name }) ?? {};
    const rules = ofType(rule).filter(([, resource]) => JSON.stringify(resource).includes(`"${id}"`));
    expect(rules.map(([, { Properties }]) => Properties)).toMatchObject([
      { ScheduleExpression, State: 'ENABLED' },
    ]);
    const configs = ofType(retries).filter(([, resource]) => JSON.stringify(resource).includes(`"${id}"`));
    expect(configs.map(([, { Properties }]) => Properties)).toMatchObject([{ MaximumRetryAttempts: 0 }]);
  });

  it.each(backgroundFunctions.filter(({ trigger }) => trigger === 'events'))(
    'is nothing but the function that publishes events for $name, which retries and keeps what failed',
    ({ name }) => {
      expect(naming({ name })).toEqual([retries]);
    },
  );

  it('is the logs, by one permission, for the one that publishes events', () => {
    const subscription = 'AWS::Logs::SubscriptionFilter';
    const types = naming({ name: 'publish-events' });
    expect(types.filter((type) => type === permission)).toHaveLength(1);
    expect([...new Set(types)].sort()).toEqual([retries, permission, subscription]);
    expect(template.Resources['AuditLinesPermission']?.Properties).toMatchObject({
      Principal: 'logs.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: {
        'Fn::Sub': expect.stringMatching(/:log-group:\/aws\/lambda\/mfa-self-service-live-\*:\*$/),
      },
    });
  });

  it('has its own queue for permanent failures, encrypted and kept for two weeks', () => {
    const configs = ofType(retries).map(([, { Properties }]) => Properties);
    const queues = configs.flatMap(({ DestinationConfig }) => {
      const { OnFailure } = Object(DestinationConfig);
      return OnFailure === undefined ? [] : [OnFailure.Destination['Fn::GetAtt'][0]];
    });
    expect(queues.sort()).toEqual([
      'NotifySubjectDeadLetters',
      'PublishEventsDeadLetters',
      'ReportOutcomeDeadLetters',
    ]);
    for (const queue of queues) {
      expect(template.Resources[queue]).toMatchObject({
        Type: 'AWS::SQS::Queue',
        Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 },
      });
      const { PolicyDocument } = template.Resources[`${queue}Policy`]?.Properties ?? {};
      // Lambda sends to it with the function's own role.
      expect(Object(PolicyDocument).Statement).toMatchObject([
        { Effect: 'Deny', Principal: '*', Action: 'sqs:*' },
      ]);
    }
  });
});

describe('audit lines', () => {
  const subscriptions = ofType('AWS::Logs::SubscriptionFilter').map(([, resource]) => resource);
  const groupNames = subscriptions.map(({ Properties }) => {
    const { Ref } = Object(Properties['LogGroupName']);
    return template.Resources[Ref]?.Properties['LogGroupName'];
  });

  it('go from the log of every function that writes them to the one that publishes events', () => {
    const audited = operations.filter(({ audit }) => audit !== undefined);
    expect(groupNames.sort()).toEqual(
      [...audited, ...scheduledFunctions]
        .map(({ name }) => `/aws/lambda/${functionName(stage, name)}`)
        .sort(),
    );
    for (const { Properties, DependsOn } of subscriptions) {
      expect(Properties['FilterPattern']).toBe('{ $.audit IS TRUE }');
      expect(Properties['DestinationArn']).toEqual({
        'Fn::GetAtt': ['PublishDasheventsLambdaFunction', 'Arn'],
      });
      // Without the permission in place, the subscription fails.
      expect(DependsOn).toEqual(['AuditLinesPermission']);
    }
  });

  it('are not followed in the log of the function that publishes events, as it would invoke itself', () => {
    for (const { name } of backgroundFunctions.filter(({ trigger }) => trigger !== 'schedule')) {
      expect(groupNames).not.toContain(`/aws/lambda/${functionName(stage, name)}`);
    }
  });
});

describe('events', () => {
  it('on a bus reach no function, as anybody may put them there', () => {
    const invokable = JSON.stringify([...functions.values()].map(({ id }) => id));
    for (const [, { Properties }] of ofType('AWS::Events::Rule')) {
      if (Properties['EventPattern'] === undefined) continue;
      for (const { Arn } of Object(Properties['Targets'])) {
        expect(invokable).not.toContain(JSON.stringify(Object(Arn)['Fn::GetAtt']?.[0]));
      }
    }
    for (const [, { Properties }] of ofType('AWS::Lambda::Permission')) {
      if (Properties['Principal'] !== 'events.amazonaws.com') continue;
      const { SourceArn } = Properties;
      const rule = template.Resources[Object(SourceArn)['Fn::GetAtt'][0]];
      expect(rule?.Properties).toHaveProperty('ScheduleExpression');
    }
  });

  it('reach no topic if none is configured', () => {
    expect(JSON.stringify(ofType('AWS::Events::Rule'))).not.toContain(':sns:');
    expect(template.Resources).not.toHaveProperty('OperatorsDeadLetters');
  });
});

describe('the parameters of serverless.yml', () => {
  it('have the functions’ defaults', () => {
    const [{ Properties } = { Properties: {} }] = functions.values();
    const variables = Object(resolved(Object(Object(Properties)['Environment'])['Variables']));
    const { BASE_PATH, ENROLMENT_EXPIRES_AFTER, OTPAUTH_ISSUER, OTPAUTH_LABEL, ...others } = variables;
    expect(deploymentSettings(others)).toEqual(deploymentSettings(variables));
  });

  it('have the defaults of the functions for recoveries, events and notices', () => {
    const sources = [
      ['approve-recovery', recoverySettings],
      ['notify-subject', noticeSettings],
    ] as const;
    for (const [name, read] of sources) {
      const deployed = read(variablesOf({ name }));
      expect({ ...deployed, EXECUTOR_NAME: '' }).toEqual({ EXECUTOR_NAME: '', ...read({}) });
    }
  });

  it('leave room for the longest ticketing configuration in Lambda’s 4 KB environment', () => {
    for (const name of having('TICKETING')) {
      const { TICKETING, ...others } = variablesOf({ name });
      const size = Object.entries(others).join('').length;
      expect(size + 'TICKETING'.length + 3072).toBeLessThan(4096 - 128);
    }
  });
});

describe('roles and policies', () => {
  /** A role of the template as deployed. */
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

  it.each(operations)('give $name the role derived from its contract', (operation) => {
    expect(functionOf(operation)?.Properties['Role']).toEqual({
      'Fn::GetAtt': [roleLogicalId(operation), 'Arn'],
    });
    expectRole(roleLogicalId(operation), functionRole(operation, names));
  });

  it.each(backgroundFunctions)('give $name its own role', (background) => {
    expect(functionOf(background)?.Properties['Role']).toEqual({
      'Fn::GetAtt': [roleLogicalId(background), 'Arn'],
    });
    expectRole(roleLogicalId(background), backgroundRole(background, names));
  });

  it.each(works)('give the functions a %s role to assume', (work) => {
    expectRole(roleLogicalId({ name: work }), assumedRoles(operations, names)[work]);
  });

  it('have no extra roles', () => {
    expect(
      ofType('AWS::IAM::Role')
        .map(([id]) => id)
        .sort(),
    ).toEqual([...allFunctions, ...works.map((name) => ({ name }))].map(roleLogicalId).sort());
    expect(ofType('AWS::IAM::Policy')).toEqual([]);
    expect(ofType('AWS::Lambda::Url')).toEqual([]);
  });

  it.each([
    ['SelfService', selfServicePolicy(operations, names)],
    ['RecoveryAgent', staffPolicy('recovery-agent', operations, names)],
    ['RecoveryApprover', staffPolicy('recovery-approver', operations, names)],
    ['Auditor', staffPolicy('auditor', operations, names)],
    ['EnrolmentHold', enrolmentHoldPolicy],
  ])('include the managed policy %s, whose ARN is an output', (name, policy) => {
    const { PolicyDocument, ManagedPolicyName } = template.Resources[`${name}Policy`]?.Properties ?? {};
    expect(normalized(resolved(PolicyDocument))).toEqual(normalized(policy));
    expect(ManagedPolicyName).toBe(`mfa-self-service-live-${name}`);
    expect(template.Outputs[`${name}PolicyArn`]?.Value).toEqual({ Ref: `${name}Policy` });
  });

  it('attach the hold to no one, as recoveries do', () => {
    const { Users, Groups, Roles } = template.Resources['EnrolmentHoldPolicy']?.Properties ?? {};
    expect([Users, Groups, Roles]).toEqual([undefined, undefined, undefined]);
  });
});

describe('the API', () => {
  const api = template.Resources['ApiGatewayRestApi']?.Properties;

  it('has the resource policy of the local gateway', () => {
    expect(normalized(api?.['Policy'])).toEqual(normalized(resourcePolicy(operations, settings)));
    expect(JSON.stringify(api?.['Policy']).length).toBeLessThan(resourcePolicyLimit);
  });

  it('returns images as bytes', () => {
    const images = operations.flatMap(({ media }) => media).filter((type) => type === 'image/png');
    expect(api?.['BinaryMediaTypes']).toEqual([...new Set(images)]);
  });

  it('has the local gateway’s answers, and its deployment waits for them', () => {
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
  it('keeps the table, with point-in-time recovery and expiry', () => {
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

  it('gives the table the indexes for finding recoveries', () => {
    const { GlobalSecondaryIndexes, AttributeDefinitions } = template.Resources['Table']?.Properties ?? {};
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

  it('keeps every log for a limited time', () => {
    const groups = ofType('AWS::Logs::LogGroup');
    expect(groups).toHaveLength(allFunctions.length + 1);
    for (const [, { Properties }] of groups) expect(Properties['RetentionInDays']).toBe(90);
  });

  it('stays within CloudFormation’s limit on resources', () => {
    expect(Object.keys(template.Resources).length).toBeLessThanOrEqual(450);
  });
});

describe('placeholders', () => {
  it('are left to CloudFormation, and IAM’s variables to IAM', () => {
    const own = `user/\${aws:username}/\${*}`;
    expect(withSub({ Resource: [`arn:\${AWS::Partition}:iam::\${Table}:${own}`, '*'] })).toEqual({
      Resource: [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${Table}:user/\${!aws:username}/\${!*}` }, '*'],
    });
  });
});
