import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { recoveryId } from '../recovery-schemas.ts';
import { enrolmentPass, noBody, nothing, timestamp } from '../schemas.ts';

export const issueEnrolmentPass = defineOperation({
  name: 'issue-enrolment-pass',
  method: 'POST',
  path: '/v1/recoveries/{recoveryId}/enrolment-pass',
  gate: 'second-factor',
  audience: ['recovery-approver'],
  actions: ['iam:GetUser', 'iam:ListMFADevices'],
  table: { lease: ['pass'], recovery: ['get'] },
  audit: 'issue-enrolment-pass',
  summary: 'Issue the pass with which the user enrols again',
  description:
    'Once the recovery is executed and the user has no device left. Hand the pass to the user in person. It is ' +
    'shown once, is valid for an hour, and invalidates any earlier pass.',
  input: { path: z.strictObject({ recoveryId }), query: nothing, body: noBody },
  status: 201,
  output: z.strictObject({ enrolmentPass, expiresAt: timestamp }),
  media: [],
  problems: ['recovery-not-found', 'recovery-closed', 'separation-of-duties', 'user-not-found'],
});
