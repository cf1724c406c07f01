import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../infra/template/settings.ts';
import { defaultSettings as defaults } from '../support/settings.ts';

const key = 'arn:aws:kms:eu-west-1:123456789012:key/1b2c3d4e-0000-4000-8000-123456789abc';

describe('the template’s settings', () => {
  it('are unset if a parameter is empty', () => {
    const {
      reservedConcurrency,
      logKmsKeyArn,
      tableKmsKeyArn,
      permissionsBoundaryArn,
      alarmTopicArn,
      operatorTopicArn,
    } = parseSettings(defaults);
    const optional = [
      reservedConcurrency,
      logKmsKeyArn,
      tableKmsKeyArn,
      permissionsBoundaryArn,
      alarmTopicArn,
      operatorTopicArn,
    ];
    expect(optional.filter((value) => value !== undefined)).toEqual([]);
  });

  it('can be text, as from the command line', () => {
    const settings = parseSettings({
      ...defaults,
      stepUpMaxAge: '600',
      resyncCoolDown: '0',
      reservedConcurrency: '5',
    });
    expect(settings).toMatchObject({ stepUpMaxAge: 600, resyncCoolDown: 0, reservedConcurrency: 5 });
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
    ['resyncCoolDown', defaults.stepUpMaxAge + 1],
    ['resyncCoolDown', 604_800],
    ['recoveryApprovals', 2],
    ['ticketing', '{"jira":{}}'],
    ['outcomePrivateAddresses', 'allow'],
    ['noticeSender', 'mfa@example.com'],
    ['noticeSender', 'Help desk <mfa@example.com>'],
  ])('accept as %s %s', (name, arn) => {
    expect(parseSettings({ ...defaults, [name]: arn })).toMatchObject({ [name]: arn });
  });

  it.each([
    ['logKmsKeyArn', 'alias/logs'],
    ['tableKmsKeyArn', 'arn:aws:sns:eu-west-1:123456789012:alarms'],
    ['permissionsBoundaryArn', 'arn:aws:iam::123456789012:role/boundary'],
    ['alarmTopicArn', 'alarms'],
    ['logRetentionInDays', 2],
    ['stepUpMaxAge', 0],
    ['expiredEnrolmentsRate', '1 hour'],
    ['expiredEnrolmentsRate', ''],
    ['reservedConcurrency', '0'],
    ['throttlingRateLimit', ''],
    ['cursorKeyGeneration', 1.5],
    ['allowedOrigins', '*'],
    ['stage', 'live/*'],
    ['stage', 'a-stage-whose-name-leaves-no-room'],
    ['unknown', 'anything'],
    ['operatorTopicArn', 'operators'],
    ['firstDevice', 'closed'],
    ['resyncCoolDown', ''],
    ['resyncCoolDown', '-1'],
    ['resyncCoolDown', 0.5],
    ['resyncCoolDown', 604_801],
    ['resyncCoolDown', defaults.stepUpMaxAge],
    ['recoveryApprovals', 0],
    ['recoveryApprovals', 3],
    ['recoveryExpiresAfter', 60],
    ['recoveryDailyLimit', 0],
    ['ticketing', '{"jira":'],
    ['ticketing', '{"servicenow":{}}'],
    ['ticketing', '{"jira":{"outcomeUrl":"http://example.com/"}}'],
    ['outcomePrivateAddresses', 'true'],
    ['noticeSender', 'nobody'],
    ['noticeSender', 'a@example.com\nBcc: b@example.com'],
    ['noticeContact', ''],
  ])('are refused by name with %s %s', (name, value) => {
    expect(() => parseSettings({ ...defaults, [name]: value })).toThrow(name);
  });
});
