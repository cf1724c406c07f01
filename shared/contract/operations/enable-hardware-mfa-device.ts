import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { consecutiveCodes, enabledDevice, hardwareSerialNumber, nothing } from '../schemas.ts';

export const enableHardwareMfaDevice = defineOperation({
  name: 'enable-hardware-mfa-device',
  method: 'PUT',
  path: '/v1/hardware-mfa-devices/{serialNumber}/activation',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:EnableMFADevice'],
  table: { lease: ['recent'], codes: 'count' },
  audit: 'finish-enrolment',
  summary: 'Enable a hardware TOTP token as another MFA device',
  description: 'Takes two consecutive codes of the token. Enabling an active token again returns 200.',
  input: {
    path: z.strictObject({ serialNumber: hardwareSerialNumber }),
    query: nothing,
    body: consecutiveCodes,
  },
  status: 200,
  output: enabledDevice,
  media: [],
  problems: [
    'no-active-device',
    'recently-resynchronised',
    'enrolment-pass-required',
    'device-not-found',
    'device-in-use',
    'device-limit',
    'busy',
    'invalid-authentication-code',
  ],
});
