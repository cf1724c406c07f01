import { defineOperation } from '../operation.ts';
import { createdDevice, newDevice, nothing } from '../schemas.ts';

export const createFirstMfaDevice = defineOperation({
  name: 'create-first-mfa-device',
  method: 'POST',
  path: '/v1/me/first-mfa-device',
  gate: 'identity',
  actions: [
    'iam:ListMFADevices',
    'iam:CreateVirtualMFADevice',
    'iam:TagMFADevice',
    'iam:ListMFADeviceTags',
    'iam:DeleteVirtualMFADevice',
  ],
  lease: true,
  audit: 'start-enrolment',
  summary: 'Create your first virtual MFA device',
  description:
    'Only while you have no active MFA device of any kind. Answers the seed, once: as text, as an otpauth URI and as a QR code.',
  input: { path: nothing, query: nothing, body: newDevice },
  status: 201,
  output: createdDevice,
  media: ['image/png', 'image/svg+xml', 'text/plain'],
  problems: ['first-device-only', 'device-exists', 'device-limit', 'busy'],
});
