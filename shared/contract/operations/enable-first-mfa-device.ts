import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { consecutiveCodes, deviceId, enabledDevice, nothing } from '../schemas.ts';

export const enableFirstMfaDevice = defineOperation({
  name: 'enable-first-mfa-device',
  method: 'PUT',
  path: '/v1/me/first-mfa-device/{deviceId}/activation',
  gate: 'identity',
  actions: ['iam:ListMFADevices', 'iam:ListMFADeviceTags', 'iam:EnableMFADevice', 'iam:UntagMFADevice'],
  lease: true,
  audit: 'finish-enrolment',
  summary: 'Enable your first MFA device',
  description:
    'With two consecutive codes of the device, and only while no other device of yours is active. ' +
    'Enabling your sole active device answers 200 again.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: consecutiveCodes },
  status: 200,
  output: enabledDevice,
  media: [],
  problems: [
    'first-device-only',
    'device-not-found',
    'device-in-use',
    'device-limit',
    'busy',
    'invalid-authentication-code',
  ],
});
