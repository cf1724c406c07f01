import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { deviceId, noBody, noContent, nothing } from '../schemas.ts';

export const deleteMfaDevice = defineOperation({
  name: 'delete-mfa-device',
  method: 'DELETE',
  path: '/v1/mfa-devices/{deviceId}',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: [
    'iam:ListMFADevices',
    'iam:ListMFADeviceTags',
    'iam:TagMFADevice',
    'iam:DeactivateMFADevice',
    'iam:DeleteVirtualMFADevice',
  ],
  table: { lease: ['pass', 'creations', 'recent'] },
  audit: 'delete-device',
  summary: 'Delete one of your MFA devices',
  description:
    'Deactivates the device first if it is active; refused for your last active one. Hardware tokens and FIDO ' +
    'keys are only deactivated.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: noBody },
  status: 204,
  output: noContent,
  media: [],
  problems: [
    'device-not-found',
    'enrolment-pass-required',
    'recently-resynchronised',
    'device-active',
    'last-device',
    'tag-limit',
    'busy',
  ],
});
