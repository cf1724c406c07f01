import { describe, expect, it } from 'vitest';
import type { CompiledTemplate } from '../../infra/template/cloudformation.ts';
import { completeTemplate } from '../../infra/template/complete-template.ts';
import { deadLetterResources } from '../../infra/template/dead-letter-queues.ts';
import { parseSettings, type TemplateSettings } from '../../infra/template/settings.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { fixtureOperations } from '../support/fixtures/operations.ts';
import { defaultSettings } from '../support/settings.ts';

const settings: TemplateSettings = { ...parseSettings(defaultSettings), logRetentionInDays: 30 };
/** Functions that the template needs besides those of the fixture. */
const functionNames = [
  ...fixtureOperations.map(({ name }) => name),
  ...backgroundFunctions.map(({ name }) => name),
];
const paths = [...new Set(fixtureOperations.map(({ path }) => path))];

/** What osls compiles from the fixture's routes, as far as completion uses it. */
function compiled(): CompiledTemplate {
  const resources = paths.flatMap((path) =>
    path
      .split('/')
      .slice(1)
      .map((_, index, parts) => parts.slice(0, index + 1)),
  );
  const idOf = (parts: readonly string[]) => `Resource${parts.join('').replaceAll(/[^a-z0-9]/gi, 'X')}`;
  return {
    Resources: {
      ...Object.fromEntries(
        resources.map((parts) => [
          idOf(parts),
          {
            Type: 'AWS::ApiGateway::Resource',
            Properties: {
              PathPart: parts.at(-1),
              ParentId:
                parts.length === 1
                  ? { 'Fn::GetAtt': ['ApiGatewayRestApi', 'RootResourceId'] }
                  : { Ref: idOf(parts.slice(0, -1)) },
            },
          },
        ]),
      ),
      Method: { Type: 'AWS::ApiGateway::Method', Properties: { HttpMethod: 'GET' } },
      Refusal: { Type: 'AWS::ApiGateway::GatewayResponse', Properties: {} },
      Deployment1: {
        Type: 'AWS::ApiGateway::Deployment',
        Properties: { StageName: 'live' },
        DependsOn: ['Method'],
      },
      ...Object.fromEntries(functionNames.flatMap(compiledFunction)),
      GetMeRole: { Type: 'AWS::IAM::Role', Properties: {} },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { SSESpecification: { SSEEnabled: true } } },
    },
    Outputs: {},
  };
}

function compiledFunction(name: string) {
  const id = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const FunctionName = `mfa-self-service-live-${name}`;
  return [
    [
      `${id}LambdaFunction`,
      {
        Type: 'AWS::Lambda::Function',
        Properties: { FunctionName, Environment: { Variables: { STAGE: 'live' } } },
      },
    ],
    [
      `${id}LogGroup`,
      { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: `/aws/lambda/${FunctionName}` } },
    ],
  ] as const;
}

function completed(changes: Partial<TemplateSettings> = {}) {
  const template = compiled();
  completeTemplate(template, fixtureOperations, { ...settings, ...changes });
  return template;
}

const propertiesOf = (template: CompiledTemplate, logicalId: string) =>
  Object(template.Resources[logicalId]?.Properties);
const ofType = ({ Resources }: CompiledTemplate, type: string) =>
  Object.entries(Resources).filter(([, resource]) => resource.Type === type);
const preflightsIn = (template: CompiledTemplate) =>
  ofType(template, 'AWS::ApiGateway::Method').filter(
    ([, { Properties }]) => Properties['HttpMethod'] === 'OPTIONS',
  );

describe('the stage', () => {
  it('is in the template, and the deployment creates none', () => {
    const template = completed();
    expect(propertiesOf(template, 'ApiGatewayStage')).toMatchObject({
      StageName: 'live',
      DeploymentId: { Ref: 'Deployment1' },
      TracingEnabled: true,
    });
    expect(propertiesOf(template, 'Deployment1')).not.toHaveProperty('StageName');
  });

  it('throttles, and traces no data', () => {
    const [methods] = propertiesOf(
      completed({ throttlingRateLimit: 7, throttlingBurstLimit: 9 }),
      'ApiGatewayStage',
    ).MethodSettings;
    expect(methods).toMatchObject({
      ResourcePath: '/*',
      HttpMethod: '*',
      ThrottlingRateLimit: 7,
      ThrottlingBurstLimit: 9,
      LoggingLevel: 'OFF',
      DataTraceEnabled: false,
    });
  });

  it('logs each request as JSON, without anything the caller controls', () => {
    const { Format, DestinationArn } = propertiesOf(completed(), 'ApiGatewayStage').AccessLogSetting;
    const variables = Object.values<string>(JSON.parse(Format));
    expect(variables).toEqual(expect.arrayContaining(['$context.status', '$context.error.responseType']));
    const ofCaller = /path$|\.path|header|query|body|userAgent|accessKey|message|authorizer|domainName/i;
    expect(variables.filter((name) => name !== '$context.resourcePath' && ofCaller.test(name))).toEqual([]);
    expect(DestinationArn).toEqual({ 'Fn::GetAtt': ['AccessLogGroup', 'Arn'] });
  });

  it('waits for methods and gateway responses, as a deployment is a snapshot', () => {
    const template = completed({ allowedOrigins: ['https://a.example.com'] });
    const preflights = preflightsIn(template).map(([logicalId]) => logicalId);
    expect(template.Resources['Deployment1']?.DependsOn).toEqual(
      expect.arrayContaining(['Method', 'Refusal', ...preflights]),
    );
  });

  it('is refused for a template without exactly one deployment', () => {
    const template = compiled();
    delete template.Resources['Deployment1'];
    expect(() => completeTemplate(template, fixtureOperations, settings)).toThrow('deployment');
  });
});

describe('preflights', () => {
  it('do not exist without origins', () => {
    expect(preflightsIn(completed())).toEqual([]);
  });

  it('exist for every path, unsigned and answered by API Gateway itself', () => {
    const preflights = preflightsIn(completed({ allowedOrigins: ['https://a.example.com'] }));
    expect(preflights).toHaveLength(paths.length);
    for (const [, { Properties }] of preflights) {
      expect(Properties).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } });
    }
  });

  it('allow the methods of their path, the headers of SigV4, and no credentials', () => {
    const template = completed({ allowedOrigins: ['https://a.example.com'] });
    const [[, preflight] = []] = preflightsIn(template);
    const [{ ResponseParameters }] = Object(preflight?.Properties['Integration']).IntegrationResponses;
    const signed = 'authorization,x-amz-date,x-amz-security-token,x-amz-content-sha256,content-type,accept';
    expect(ResponseParameters).toMatchObject({
      'method.response.header.access-control-allow-headers': `'${signed}'`,
      'method.response.header.vary': "'origin'",
    });
    expect(JSON.stringify(preflight)).not.toMatch(/credentials/i);
  });

  it('compare the whole origin with those configured', () => {
    const allowedOrigins = ['https://a.example.com', 'http://localhost:5173'];
    for (const [, { Properties }] of preflightsIn(completed({ allowedOrigins }))) {
      const [{ ResponseTemplates, ResponseParameters }] = Object(
        Properties['Integration'],
      ).IntegrationResponses;
      expect(ResponseTemplates['application/json']).toContain(
        '#if($origin == "https://a.example.com" || $origin == "http://localhost:5173")',
      );
      expect(Object.keys(ResponseParameters).join()).not.toContain('allow-origin');
    }
  });

  it('cannot be added for a path that is not in the template', () => {
    const template = compiled();
    for (const [logicalId] of ofType(template, 'AWS::ApiGateway::Resource'))
      delete template.Resources[logicalId];
    const allowedOrigins = ['https://a.example.com'];
    expect(() => completeTemplate(template, fixtureOperations, { ...settings, allowedOrigins })).toThrow(
      'no resource for /v1/',
    );
  });
});

describe('alarms', () => {
  const topic = 'arn:aws:sns:eu-west-1:123456789012:alarms';

  it('watch the API, refusals and every function', () => {
    const names = ofType(completed(), 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) => Properties['AlarmName'],
    );
    expect(names).toEqual(
      [
        ...['server-errors', 'throttled', 'access-denied', 'step-up-refused'],
        ...['wrong-codes', 'wrong-passes', 'webhooks-refused'],
        ...['recovery-requested', 'recovery-failed', 'recovery-overdue', 'holds-mended', 'recovery-limit'],
        ...functionNames.map((name) => `${name}-errors`),
        ...['publish-events', 'notify-subject', 'report-outcome'].map((name) => `${name}-dead-letters`),
      ].map((name) => `mfa-self-service-live-${name}`),
    );
  });

  it.each([
    ['wrong-codes', 'invalid-authentication-code', 20],
    ['wrong-passes', 'enrolment-pass-invalid', 5],
    ['webhooks-refused', 'webhook-refused', 5],
  ])('on %s count problems with the code %s, in a burst of %i', (name, code, threshold) => {
    const found = ofType(completed(), 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter(({ AlarmName }) => AlarmName === `mfa-self-service-live-${name}`);
    expect(found).toMatchObject([
      {
        Namespace: 'MfaSelfService',
        MetricName: 'Problems',
        Dimensions: [
          { Name: 'Stage', Value: 'live' },
          { Name: 'Code', Value: code },
        ],
        Threshold: threshold,
      },
    ]);
  });

  it.each([
    [undefined, undefined],
    [topic, [topic]],
  ])('notify the topic %s', (alarmTopicArn, actions) => {
    for (const [, { Properties }] of ofType(completed({ alarmTopicArn }), 'AWS::CloudWatch::Alarm')) {
      expect(Properties['AlarmActions']).toEqual(actions);
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching', Period: 300 });
    }
  });

  it('on gateway refusals count what the access log records', () => {
    const template = completed();
    const format = JSON.parse(propertiesOf(template, 'ApiGatewayStage').AccessLogSetting.Format);
    for (const [, { Properties }] of ofType(template, 'AWS::Logs::MetricFilter')) {
      const [, field = ''] = /^\{ \$\.(\w+) = "[\w]+" \}$/.exec(String(Properties['FilterPattern'])) ?? [];
      expect(format).toHaveProperty(field);
      expect(Object(Properties['MetricTransformations'])[0].Dimensions).toEqual([
        { Key: 'Stage', Value: '$.stage' },
      ]);
    }
  });

  it('and the dashboard show the same metrics of the same stage', () => {
    const template = completed();
    const { widgets } = JSON.parse(propertiesOf(template, 'Dashboard').DashboardBody['Fn::Sub']);
    const shown = JSON.stringify(widgets);
    for (const [, { Properties }] of ofType(template, 'AWS::CloudWatch::Alarm')) {
      expect(shown).toContain(String(Properties['MetricName']));
    }
    expect(shown).not.toContain('undefined');
  });
});

describe('events', () => {
  const outcomeUrl = 'https://hooks.example.com/x';

  it.each<[string, Partial<TemplateSettings>, readonly [string, string]]>([
    ['nobody', {}, ['', '']],
    ['ticketing systems without a URL for outcomes', { ticketing: '{"jira":{}}' }, ['', '']],
    ['users', { noticeSender: 'mfa@example.com' }, ['mfa-self-service-live-notify-subject', '']],
    [
      'a ticketing system',
      { ticketing: JSON.stringify({ standard: {}, jira: { outcomeUrl } }) },
      ['', 'mfa-self-service-live-report-outcome'],
    ],
  ])('are handed on only if %s can be told', (_who, changes, names) => {
    const { Variables } = propertiesOf(completed(changes), 'PublishEventsLambdaFunction').Environment;
    expect([Variables.NOTIFIER_NAME, Variables.REPORTER_NAME]).toEqual(names);
  });

  it('go from the bus to the operators’ topic and nowhere else', () => {
    const operatorTopicArn = 'arn:aws:sns:eu-west-1:123456789012:operators';
    const rules = ofType(completed({ operatorTopicArn }), 'AWS::Events::Rule');
    expect(rules.map(([, { Properties }]) => Properties)).toMatchObject([
      {
        Name: 'mfa-self-service-live-notify-operators',
        EventPattern: { source: ['mfa-self-service'], detail: { stage: ['live'] } },
        Targets: [
          {
            Arn: operatorTopicArn,
            RetryPolicy: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['OperatorsDeadLetters', 'Arn'] } },
          },
        ],
      },
    ]);
    expect(ofType(completed(), 'AWS::Events::Rule')).toEqual([]);
  });

  it('that cannot be delivered are kept, EventBridge’s only in the queue of the operators', () => {
    const resources = deadLetterResources({ stage: 'live', operatorTopicArn: 'arn:aws:sns:x' });
    const senders = Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::SQS::QueuePolicy' && JSON.stringify(Properties).includes('events.amazonaws.com')
        ? [id]
        : [],
    );
    expect(senders).toEqual(['OperatorsDeadLettersPolicy']);
  });
});

describe('a template parameter', () => {
  const key = 'arn:aws:kms:eu-west-1:123456789012:key/1b2c3d4e-0000-4000-8000-123456789abc';
  const boundary = 'arn:aws:iam::123456789012:policy/boundary';

  it('changes nothing if unset', () => {
    const template = completed();
    expect(propertiesOf(template, 'GetMeLogGroup')).not.toHaveProperty('KmsKeyId');
    expect(propertiesOf(template, 'GetMeRole')).toEqual({});
    expect(propertiesOf(template, 'GetMeLambdaFunction')).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(propertiesOf(template, 'Table')).toEqual({ SSESpecification: { SSEEnabled: true } });
  });

  it('sets the key of every log', () => {
    const groups = ofType(completed({ logKmsKeyArn: key }), 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(functionNames.length + 1);
    for (const [, { Properties }] of groups) expect(Properties['KmsKeyId']).toBe(key);
  });

  it('sets how long request logs are kept', () => {
    expect(propertiesOf(completed(), 'AccessLogGroup').RetentionInDays).toBe(30);
  });

  it('sets the boundary of every role', () => {
    const template = completed({ permissionsBoundaryArn: boundary });
    expect(propertiesOf(template, 'GetMeRole').PermissionsBoundary).toBe(boundary);
  });

  it('sets the functions’ reserved concurrency', () => {
    const template = completed({ reservedConcurrency: 5 });
    expect(propertiesOf(template, 'GetMeLambdaFunction').ReservedConcurrentExecutions).toBe(5);
  });

  it('sets the key of the table', () => {
    expect(propertiesOf(completed({ tableKmsKeyArn: key }), 'Table').SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: key,
    });
  });
});
