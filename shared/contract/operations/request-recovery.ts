import { defineOperation } from '../operation.ts';
import { recovery, recoveryRequest } from '../recovery-schemas.ts';
import { nothing } from '../schemas.ts';

export const requestRecovery = defineOperation({
  name: 'request-recovery',
  method: 'POST',
  path: '/v1/recoveries',
  gate: 'second-factor',
  audience: ['recovery-agent'],
  actions: ['iam:GetUser', 'iam:ListMFADevices'],
  table: ['recovery', 'requests'],
  readsTable: ['user'],
  audit: 'request-recovery',
  summary: 'Ask for a recovery of a user who lost his device',
  description:
    'For a ticket of the help desk. Somebody else has to approve it. The same request for the same ticket answers the same recovery again, with 200. A user without an active device has nothing to recover from, unless he needs an enrolment pass: after an earlier recovery, or where it is needed for every first device.',
  input: { path: nothing, query: nothing, body: recoveryRequest },
  status: 201,
  repeatStatus: 200,
  output: recovery,
  media: [],
  problems: [
    'separation-of-duties',
    'user-not-found',
    'device-not-found',
    'no-active-device',
    'recovery-exists',
    'resync-instead',
    'recovery-limit',
  ],
});
