import * as z from 'zod/mini';
import { mostPendingShown } from '../creation-limits.ts';
import { defineOperation } from '../operation.ts';
import { deviceSummary, next, noBody, nothing, pageQuery } from '../schemas.ts';

export const listMfaDevices = defineOperation({
  name: 'list-mfa-devices',
  method: 'GET',
  path: '/v1/me/mfa-devices',
  gate: 'identity',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ListVirtualMFADevices', 'iam:ListMFADeviceTags'],
  table: {},
  summary: 'List your MFA devices, active and pending',
  description:
    'Active devices of every kind, and virtual devices that you created here and have not enabled yet. Of devices ' +
    `that are not enabled, the first ${mostPendingShown} by name are looked at.`,
  input: { path: nothing, query: pageQuery, body: noBody },
  status: 200,
  output: z.strictObject({ items: z.array(deviceSummary), next }),
  media: [],
  problems: [],
});
