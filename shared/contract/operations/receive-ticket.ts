import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { recoveryId } from '../recovery-schemas.ts';
import { nothing } from '../schemas.ts';
import { webhookSystems } from '../ticketing.ts';

export const receiveTicket = defineOperation({
  name: 'receive-ticket',
  method: 'POST',
  path: '/v1/ticketing/{system}',
  gate: 'anonymous',
  audience: ['anyone'],
  actions: ['iam:GetUser', 'iam:ListMFADevices'],
  table: { recovery: ['get', 'put', 'bySubject'], requests: 'count', guard: 'read' },
  audit: 'request-recovery',
  summary: 'Request a recovery by webhook from a ticketing system',
  description:
    'Signed over the body as sent, with the secret shared with that system, within the last five minutes. The ' +
    'deployment says which fields of the body describe the recovery; by default those of POST /v1/recoveries, ' +
    'plus "requestedBy". The same ticket sent again returns the same recovery.',
  input: {
    path: z.strictObject({ system: z.enum(webhookSystems) }),
    query: nothing,
    body: z.looseObject({}),
  },
  status: 200,
  output: z.strictObject({ recoveryId }),
  media: [],
  problems: [
    'webhook-refused',
    'ticketing-not-configured',
    'separation-of-duties',
    'user-not-found',
    'device-not-found',
    'no-active-device',
    'recovery-exists',
    'resync-instead',
    'recovery-limit',
  ],
});
