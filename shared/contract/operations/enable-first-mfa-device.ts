import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { codesOfFirstDevice, deviceId, enabledDevice, nothing } from '../schemas.ts';

export const enableFirstMfaDevice = defineOperation({
  name: 'enable-first-mfa-device',
  method: 'PUT',
  path: '/v1/me/first-mfa-device/{deviceId}/activation',
  gate: 'identity',
  audience: ['self-service'],
  actions: [
    'iam:ListMFADevices',
    'iam:ListMFADeviceTags',
    'iam:EnableMFADevice',
    'iam:UntagMFADevice',
    'iam:DetachUserPolicy',
  ],
  table: { lease: ['guard', 'pass', 'creations', 'recent'], codes: 'count' },
  audit: 'finish-enrolment',
  summary: 'Enable your first MFA device',
  description:
    'Takes two consecutive codes of the device, and works only while no other device of yours is active. ' +
    'Enabling your only active device again returns 200. A device created with an enrolment pass is enabled ' +
    'with the same pass, which completes the recovery it was issued for.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: codesOfFirstDevice },
  status: 200,
  output: enabledDevice,
  media: [],
  problems: [
    'first-device-only',
    'enrolment-pass-required',
    'enrolment-pass-invalid',
    'device-not-found',
    'device-in-use',
    'device-limit',
    'busy',
    'invalid-authentication-code',
  ],
});
