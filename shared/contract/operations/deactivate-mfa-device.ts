import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { deviceId, noBody, noContent, nothing } from '../schemas.ts';

export const deactivateMfaDevice = defineOperation({
  name: 'deactivate-mfa-device',
  method: 'DELETE',
  path: '/v1/mfa-devices/{deviceId}/activation',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: [
    'iam:ListMFADevices',
    'iam:ListMFADeviceTags',
    'iam:TagMFADevice',
    'iam:UntagMFADevice',
    'iam:DeactivateMFADevice',
  ],
  table: { lease: ['creations', 'recent'] },
  audit: 'deactivate-device',
  summary: 'Deactivate one of your MFA devices',
  description:
    'Refused for your last active device. A deactivated virtual device can be enabled again or deleted. ' +
    'Deactivating it again changes nothing.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: noBody },
  status: 204,
  output: noContent,
  media: [],
  problems: [
    'device-not-found',
    'enrolment-pass-required',
    'recently-resynchronised',
    'last-device',
    'tag-limit',
    'busy',
  ],
});
