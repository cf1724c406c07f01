import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { consecutiveCodes, deviceId, enabledDevice, nothing } from '../schemas.ts';

export const resyncMfaDevice = defineOperation({
  name: 'resync-mfa-device',
  method: 'POST',
  path: '/v1/mfa-devices/{deviceId}/resync',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ResyncMFADevice'],
  table: { codes: 'count' },
  audit: 'resync-device',
  summary: 'Resynchronise one of your MFA devices',
  description: 'Takes two consecutive codes of a device whose clock has drifted.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: consecutiveCodes },
  status: 200,
  output: enabledDevice,
  media: [],
  problems: ['device-not-found', 'not-resyncable', 'invalid-authentication-code'],
});
