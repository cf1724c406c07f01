import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { userName } from '../recovery-schemas.ts';
import { deviceSummary, noBody, nothing } from '../schemas.ts';

export const listUserMfaDevices = defineOperation({
  name: 'list-user-mfa-devices',
  method: 'GET',
  path: '/v1/users/{userName}/mfa-devices',
  gate: 'second-factor',
  audience: ['auditor'],
  actions: ['iam:ListMFADevices'],
  table: {},
  summary: "List a user's active MFA devices",
  description: "Of every kind; at most eight, which is IAM's limit.",
  input: { path: z.strictObject({ userName }), query: nothing, body: noBody },
  status: 200,
  output: z.strictObject({ items: z.array(deviceSummary) }),
  media: [],
  problems: ['user-not-found'],
});
