import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { consecutiveCodes, deviceId, enabledDevice, nothing } from '../schemas.ts';

export const enableMfaDevice = defineOperation({
  name: 'enable-mfa-device',
  method: 'PUT',
  path: '/v1/mfa-devices/{deviceId}/activation',
  gate: 'second-factor',
  actions: ['iam:ListMFADevices', 'iam:ListMFADeviceTags', 'iam:EnableMFADevice', 'iam:UntagMFADevice'],
  lease: true,
  summary: 'Enable a further MFA device',
  description: 'With two consecutive codes of the device. Enabling what is active already answers 200 again.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: consecutiveCodes },
  status: 200,
  output: enabledDevice,
  media: [],
  problems: ['device-not-found', 'device-in-use', 'device-limit', 'busy', 'invalid-authentication-code'],
});
