import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { deviceId, noBody, noContent, tagKey } from '../schemas.ts';

export const untagMfaDevice = defineOperation({
  name: 'untag-mfa-device',
  method: 'DELETE',
  path: '/v1/mfa-devices/{deviceId}/tags',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ListMFADeviceTags', 'iam:UntagMFADevice'],
  table: {},
  audit: 'untag-device',
  summary: 'Remove tags from one of your virtual MFA devices',
  description: 'Pass each key as a "key" parameter. Keys that the device does not have are ignored.',
  input: {
    path: z.strictObject({ deviceId }),
    query: z.strictObject({
      key: z
        .array(tagKey)
        .check(z.minLength(1, 'must be given'), z.maxLength(50, 'can be given at most 50 times')),
    }),
    body: noBody,
  },
  status: 204,
  output: noContent,
  media: [],
  problems: ['device-not-found', 'not-taggable'],
});
