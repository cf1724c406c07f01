import { describe, expect, it } from 'vitest';
import { deploymentSettings } from '../../../shared/config/deployment.ts';
import { deviceRole } from '../../../shared/config/roles.ts';
import { stsSettings } from '../../../shared/config/sts.ts';
import { apiEnv } from '../../support/api-event.ts';

describe('the environment', () => {
  it('has defaults for what a deployment need not say', () => {
    expect(deploymentSettings(apiEnv)).toMatchObject({
      BASE_PATH: '',
      STEP_UP_MAX_AGE: 900,
      ENROLMENT_EXPIRES_AFTER: 3600,
      RESYNC_COOL_DOWN: 86_400,
      OTPAUTH_ISSUER: 'AWS',
      ALLOWED_ORIGINS: [],
    });
    expect(stsSettings(apiEnv)).toMatchObject({ STS_OTHER_ENDPOINTS: [] });
  });

  it('takes lists and numbers as text', () => {
    const read = deploymentSettings({
      ...apiEnv,
      STEP_UP_MAX_AGE: '600',
      RESYNC_COOL_DOWN: '0',
      ALLOWED_ORIGINS: 'https://a.example,https://b.example',
    });

    expect(read).toMatchObject({
      STEP_UP_MAX_AGE: 600,
      RESYNC_COOL_DOWN: 0,
      ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
    });
  });

  it.each([
    ['STEP_UP_MAX_AGE', '0'],
    ['STEP_UP_MAX_AGE', 'soon'],
    ['RESYNC_COOL_DOWN', ''],
    ['RESYNC_COOL_DOWN', '-1'],
    ['RESYNC_COOL_DOWN', '604801'],
    ['OTPAUTH_LABEL', '{userName}:{accountId}'],
    ['OTPAUTH_LABEL', '{secret}'],
    ['BASE_PATH', 'mfa/'],
    ['STAGE', ''],
  ])('with %s = %j is refused by the name of the variable, without its value', (name, value) => {
    expect(() => deploymentSettings({ ...apiEnv, [name]: value })).toThrowError(
      new Error(`Environment variables missing or not valid: ${name}`),
    );
  });

  it('with a role that is none is refused without its value', () => {
    expect(() => deviceRole({ DEVICE_ROLE_ARN: 'secret-value' })).toThrowError(
      new Error('Environment variables missing or not valid: DEVICE_ROLE_ARN'),
    );
  });

  it('names everything that is missing', () => {
    expect(() => deploymentSettings({})).toThrowError(/: STAGE, API_ID$/);
  });
});
