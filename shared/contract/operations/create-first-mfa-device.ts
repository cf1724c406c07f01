import { creationLimits } from '../creation-limits.ts';
import { defineOperation } from '../operation.ts';
import { createdDevice, newFirstDevice, nothing } from '../schemas.ts';

export const createFirstMfaDevice = defineOperation({
  name: 'create-first-mfa-device',
  method: 'POST',
  path: '/v1/me/first-mfa-device',
  gate: 'identity',
  audience: ['self-service'],
  actions: [
    'iam:ListMFADevices',
    'iam:CreateVirtualMFADevice',
    'iam:TagMFADevice',
    'iam:ListMFADeviceTags',
    'iam:DeleteVirtualMFADevice',
    'iam:ListVirtualMFADevices',
  ],
  table: { lease: ['pass', 'creations'] },
  audit: 'start-enrolment',
  summary: 'Create your first virtual MFA device',
  description:
    'Only while you have no active MFA device of any kind. Returns the seed, once: as text, as an otpauth URI ' +
    'and as a QR code. After a recovery, or where the deployment requires it of everyone, you need an enrolment ' +
    'pass, which then works for this device only. A pending device of the same name is replaced. ' +
    `At most ${creationLimits.mostPending} of your devices may be pending at a time, and you may create ` +
    `${creationLimits.mostPerHour} an hour.`,
  input: { path: nothing, query: nothing, body: newFirstDevice },
  status: 201,
  output: createdDevice,
  media: ['image/png', 'image/svg+xml', 'text/plain'],
  problems: [
    'first-device-only',
    'enrolment-pass-required',
    'enrolment-pass-invalid',
    'device-exists',
    'device-limit',
    'too-many-pending',
    'busy',
  ],
});
