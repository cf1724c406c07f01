import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { device, deviceId, noBody, nothing } from '../schemas.ts';

export const getMfaDevice = defineOperation({
  name: 'get-mfa-device',
  method: 'GET',
  path: '/v1/me/mfa-devices/{deviceId}',
  gate: 'identity',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ListVirtualMFADevices', 'iam:ListMFADeviceTags'],
  table: {},
  summary: 'Get one of your MFA devices',
  description: 'With its label and tags and, while it is pending, the time it expires.',
  input: { path: z.strictObject({ deviceId }), query: nothing, body: noBody },
  status: 200,
  output: device,
  media: [],
  problems: ['device-not-found'],
});
