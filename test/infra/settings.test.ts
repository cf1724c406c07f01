import { describe, expect, it } from 'vitest';
import { parameters } from '../../infra/template/parameters.ts';
import { parameterValuesOf } from '../../infra/template/settings.ts';

const key = 'arn:aws:kms:eu-west-1:123456789012:key/1b2c3d4e-0000-4000-8000-123456789abc';
const defaultAge = Number(parameters.StepUpMaxAge.Default);

/** The value of the parameter that a setting is. */
function valueFrom(name: string, setting: unknown): string | undefined {
  const parameter = name.charAt(0).toUpperCase() + name.slice(1);
  return new Map(Object.entries(parameterValuesOf('live', { [name]: setting }))).get(parameter);
}

describe('the parameters of a stage', () => {
  it.each([undefined, null, {}])('have their defaults if the settings are %j', (settings) => {
    const defaults = Object.entries(parameters).map(([name, parameter]) => [
      name,
      'Default' in parameter ? String(parameter.Default) : 'live',
    ]);
    expect(parameterValuesOf('live', settings)).toEqual(Object.fromEntries(defaults));
  });

  it.each([
    ['a number', 'stepUpMaxAge', 600, '600'],
    ['a number as text', 'stepUpMaxAge', '600', '600'],
    ['zero', 'resyncCoolDown', 0, '0'],
    ['a boolean', 'allowRemovingLastDevice', true, 'true'],
    [
      'a list',
      'allowedOrigins',
      ['https://a.example.com', 'http://localhost:5173'],
      'https://a.example.com,http://localhost:5173',
    ],
    ['an empty list', 'allowedOrigins', [], ''],
    ['a mapping', 'ticketing', { jira: { name: 'desk' } }, '{"jira":{"name":"desk"}}'],
    ['JSON', 'ticketing', '{ "jira": {} }', '{ "jira": {} }'],
    ['empty text', 'reservedConcurrency', '', ''],
  ])('are text, made of %s', (_, name, setting, value) => {
    expect(valueFrom(name, setting)).toBe(value);
  });

  it.each([
    ['expiredEnrolmentsRate', 'rate(30 minutes)'],
    ['expiredEnrolmentsRate', 'cron(0 6 * * ? *)'],
    ['logKmsKeyArn', key],
    ['logKmsKeyArn', key.replace('aws', 'aws-us-gov')],
    ['tableKmsKeyArn', key.replace('aws', 'aws-cn')],
    ['permissionsBoundaryArn', 'arn:aws:iam::123456789012:policy/team/boundary'],
    ['permissionsBoundaryArn', 'arn:aws:iam::aws:policy/PowerUserAccess'],
    ['alarmTopicArn', 'arn:aws:sns:eu-west-1:123456789012:alarms'],
    ['operatorTopicArn', 'arn:aws:sns:eu-west-1:123456789012:operators'],
    ['firstDevice', 'pass'],
    ['resyncCoolDown', 0],
    ['resyncCoolDown', defaultAge + 1],
    ['resyncCoolDown', 604_800],
    ['reservedConcurrency', 5],
    ['recoveryApprovals', 2],
    ['ticketing', '{"jira":{}}'],
    ['outcomePrivateAddresses', 'allow'],
    ['noticeSender', 'mfa@example.com'],
    ['noticeSender', 'Help desk <mfa@example.com>'],
  ])('may be %s %s', (name, setting) => {
    expect(valueFrom(name, setting)).toBe(String(setting));
  });

  it.each([
    ['logKmsKeyArn', 'alias/logs'],
    ['tableKmsKeyArn', 'arn:aws:sns:eu-west-1:123456789012:alarms'],
    ['permissionsBoundaryArn', 'arn:aws:iam::123456789012:role/boundary'],
    ['alarmTopicArn', 'alarms'],
    ['logRetentionInDays', 2],
    ['stepUpMaxAge', 0],
    ['stepUpMaxAge', -1],
    ['stepUpMaxAge', 600.5],
    ['stepUpMaxAge', '6e2'],
    ['stepUpMaxAge', '+600'],
    ['stepUpMaxAge', Number.NaN],
    ['stepUpMaxAge', Number.POSITIVE_INFINITY],
    ['expiredEnrolmentsRate', '1 hour'],
    ['expiredEnrolmentsRate', ''],
    ['reservedConcurrency', '0'],
    ['throttlingRateLimit', ''],
    ['throttlingRateLimit', 0],
    ['cursorKeyGeneration', 1.5],
    ['unknown', 'anything'],
    ['Stage', 'live'],
    ['stage', 'live'],
    ['operatorTopicArn', 'operators'],
    ['firstDevice', 'closed'],
    ['resyncCoolDown', ''],
    ['resyncCoolDown', '-1'],
    ['resyncCoolDown', 0.5],
    ['resyncCoolDown', 604_801],
    ['resyncCoolDown', defaultAge],
    ['recoveryApprovals', 0],
    ['recoveryApprovals', 3],
    ['recoveryExpiresAfter', 60],
    ['recoveryDailyLimit', 0],
    ['ticketing', '{"jira":'],
    ['ticketing', { servicenow: {} }],
    ['ticketing', { jira: { outcomeUrl: 'http://example.com/' } }],
    ['outcomePrivateAddresses', 'true'],
    ['noticeSender', 'nobody'],
    ['noticeSender', 'a@example.com\nBcc: b@example.com'],
    ['noticeSender', 'IT\nBcc: b <a@example.com>'],
    ['noticeContact', ''],
    ['noticeContact', 'a\nb'],
    ['noticeSender', null],
    ['allowedOrigins', [443]],
  ])('are refused by the name of the setting with %s %j', (name, setting) => {
    expect(() => valueFrom(name, setting)).toThrow(name);
  });

  it.each(['live/*', '*', '$stage', 'live_1', '', 'a-stage-whose-name-leaves-no-room'])(
    'are refused for the stage "%s"',
    (stage) => {
      expect(() => parameterValuesOf(stage, {})).toThrow('stage');
    },
  );

  it.each(['text', 7, ['a'], true])('are refused if the settings are %j', (settings) => {
    expect(() => parameterValuesOf('live', settings)).toThrow('expected record');
  });

  it('name all faults at once', () => {
    const wrong = { stepUpMaxAge: 1, firstDevice: 'shut', recoveryDailyLimit: 0 };
    const together = { ticketing: '{"no":{}}', stepUpMaxAge: 600.5, resyncCoolDown: 300 };
    for (const name of Object.keys(wrong)) expect(() => parameterValuesOf('live', wrong)).toThrow(name);
    expect(() => parameterValuesOf('live', together)).toThrow(
      /stepUpMaxAge must be a whole.+resyncCoolDown must be longer.+ticketing is not valid/s,
    );
  });
});

describe('the allowed origins', () => {
  it.each([
    ['every origin', '*'],
    ['the origin of sandboxed pages and files', 'null'],
    ['a wildcard', 'https://*.example.com'],
    ['a path', 'https://portal.example.com/'],
    ['a user', 'https://user@portal.example.com'],
    ['no scheme', 'portal.example.com'],
    ['another scheme', 'file://portal'],
    ["the scheme's own port", 'https://portal.example.com:443'],
    ['a port that there is not', 'https://portal.example.com:65536'],
    ['capitals', 'https://Portal.example.com'],
    ['a quote, which would end a string of the template', 'https://portal.example.com"||true||"'],
    ['an apostrophe', "https://portal.example.com'"],
    ['a reference of the template', 'https://$context.identity'],
    ['plain HTTP', 'http://portal.example.com'],
    ['a host that begins like the own machine', 'http://localhost.example.com'],
    ['spaces', 'https://a.example.com, https://b.example.com'],
    ['an empty one', 'https://a.example.com,'],
    ['one twice', 'https://a.example.com,https://a.example.com'],
  ])('are refused with %s', (_, list) => {
    expect(() => valueFrom('allowedOrigins', list)).toThrow('allowedOrigins');
    expect(() => valueFrom('allowedOrigins', list.split(','))).toThrow('allowedOrigins');
  });

  it('may have ports, and plain HTTP on the own machine', () => {
    const list = 'https://portal.example.com:8443,http://localhost:5173,http://127.0.0.1:4000';
    expect(valueFrom('allowedOrigins', list)).toBe(list);
  });

  it.each([20, 21])('are at most 20: %i', (count) => {
    const list = Array.from({ length: count }, (_, index) => `https://p${index}.example.com`);
    const check = expect(() => valueFrom('allowedOrigins', list));
    if (count > 20) check.toThrow('allowedOrigins must be at most 20 origins');
    else check.not.toThrow();
  });
});
