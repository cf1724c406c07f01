import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { deviceId, enabledDevice, nothing, replacingCodes } from '../schemas.ts';

export const enableMfaDevice = defineOperation({
  name: 'enable-mfa-device',
  method: 'PUT',
  path: '/v1/mfa-devices/{deviceId}/activation',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: [
    'iam:ListMFADevices',
    'iam:ListMFADeviceTags',
    'iam:EnableMFADevice',
    'iam:UntagMFADevice',
    'iam:TagMFADevice',
    'iam:DeactivateMFADevice',
    'iam:DeleteVirtualMFADevice',
  ],
  table: { lease: ['pass', 'creations', 'recent'], codes: 'count' },
  audit: 'finish-enrolment',
  summary: 'Enable another MFA device',
  description:
    'Takes two consecutive codes of the device. Enabling an active device again returns 200. The device named ' +
    'by "replaces" is deactivated and deleted once this one is active; if the call fails halfway, repeat it.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: replacingCodes },
  status: 200,
  output: enabledDevice,
  media: [],
  problems: [
    'no-active-device',
    'recently-resynchronised',
    'enrolment-pass-required',
    'device-not-found',
    'device-in-use',
    'device-active',
    'tag-limit',
    'device-limit',
    'busy',
    'invalid-authentication-code',
  ],
});
