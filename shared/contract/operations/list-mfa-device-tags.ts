import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { deviceId, noBody, nothing, tags } from '../schemas.ts';

export const listMfaDeviceTags = defineOperation({
  name: 'list-mfa-device-tags',
  method: 'GET',
  path: '/v1/me/mfa-devices/{deviceId}/tags',
  gate: 'identity',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ListMFADeviceTags'],
  table: {},
  summary: 'List the tags of one of your virtual MFA devices',
  description: 'Your own tags, without those of the service.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: noBody },
  status: 200,
  output: z.strictObject({ tags }),
  media: [],
  problems: ['device-not-found', 'not-taggable'],
});
