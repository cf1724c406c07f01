import { creationLimits } from '../creation-limits.ts';
import { defineOperation } from '../operation.ts';
import { createdDevice, newDevice, nothing } from '../schemas.ts';

export const createMfaDevice = defineOperation({
  name: 'create-mfa-device',
  method: 'POST',
  path: '/v1/mfa-devices',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: [
    'iam:CreateVirtualMFADevice',
    'iam:TagMFADevice',
    'iam:ListMFADevices',
    'iam:ListMFADeviceTags',
    'iam:DeleteVirtualMFADevice',
    'iam:ListVirtualMFADevices',
  ],
  table: { lease: ['pass', 'creations'] },
  audit: 'start-enrolment',
  summary: 'Create another virtual MFA device',
  description:
    'Returns the seed, once: as text, as an otpauth URI and as a QR code. Creating a device under the name of ' +
    'your own pending device replaces it, with a fresh seed. ' +
    `At most ${creationLimits.mostPending} of your devices may be pending at a time, and you may create ` +
    `${creationLimits.mostPerHour} an hour.`,
  input: { path: nothing, query: nothing, body: newDevice },
  status: 201,
  output: createdDevice,
  media: ['image/png', 'image/svg+xml', 'text/plain'],
  problems: [
    'enrolment-pass-required',
    'device-exists',
    'recently-resynchronised',
    'device-limit',
    'too-many-pending',
    'busy',
  ],
});
