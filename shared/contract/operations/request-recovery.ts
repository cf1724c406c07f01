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
  table: { recovery: ['get', 'put', 'bySubject'], requests: 'count', guard: 'read' },
  audit: 'request-recovery',
  summary: 'Request a recovery for a user who lost a device',
  description:
    'For a help desk ticket. Another person has to approve it. Repeating the request for the same ticket ' +
    'returns the same recovery, with 200. A user without an active device has nothing to recover, unless they ' +
    'need an enrolment pass: after an earlier recovery, or where every first device needs one.',
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
