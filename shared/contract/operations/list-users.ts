import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { noBody, nothing, timestamp } from '../schemas.ts';
import { userCoverage } from '../user-coverage.ts';

export const listUsers = defineOperation({
  name: 'list-users',
  method: 'GET',
  path: '/v1/users',
  gate: 'second-factor',
  audience: ['auditor'],
  actions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:ListVirtualMFADevices'],
  table: {},
  summary: "List the account's users with and without MFA",
  description:
    "From IAM's credential report, which can be up to four hours old. Users without MFA come first. In CSV, a " +
    'name that a spreadsheet would take for a formula has a single quote before it.',
  input: {
    path: nothing,
    query: z.strictObject({ mfa: z._default(z.enum(['none', 'some', 'any']), 'any') }),
    body: noBody,
  },
  status: 200,
  output: z.strictObject({
    reportGeneratedAt: timestamp,
    reportAgeSeconds: z.int(),
    items: z.array(userCoverage),
  }),
  media: ['text/csv'],
  problems: ['report-not-ready'],
});
