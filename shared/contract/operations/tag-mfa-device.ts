import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { deviceId, newTags, nothing, tags } from '../schemas.ts';

export const tagMfaDevice = defineOperation({
  name: 'tag-mfa-device',
  method: 'POST',
  path: '/v1/mfa-devices/{deviceId}/tags',
  gate: 'second-factor',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ListMFADeviceTags', 'iam:TagMFADevice'],
  table: {},
  audit: 'tag-device',
  summary: 'Tag one of your virtual MFA devices',
  description: 'Overwrites existing tags with the same keys. Returns all of your tags.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: z.strictObject({ tags: newTags }) },
  status: 200,
  output: z.strictObject({ tags }),
  media: [],
  problems: ['device-not-found', 'not-taggable', 'tag-limit'],
});
