import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { device, deviceId, deviceLabel, nothing } from '../schemas.ts';

export const updateMfaDevice = defineOperation({
  name: 'update-mfa-device',
  method: 'PATCH',
  path: '/v1/mfa-devices/{deviceId}',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ListMFADeviceTags', 'iam:TagMFADevice', 'iam:UntagMFADevice'],
  table: {},
  audit: 'label-device',
  summary: 'Label one of your virtual MFA devices',
  description: 'Null removes the label.',
  input: {
    path: z.strictObject({ deviceId }),
    query: nothing,
    body: z.strictObject({ label: z.nullable(deviceLabel) }),
  },
  status: 200,
  output: device,
  media: [],
  problems: ['device-not-found', 'not-taggable', 'tag-limit'],
});
