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
  table: ['recovery', 'requests'],
  readsTable: ['user'],
  audit: 'request-recovery',
  summary: 'Ask for a recovery by a webhook of the ticketing system',
  description:
    'Signed with the secret shared with that system, over the body as it is sent, not more than five minutes ago. The deployment says which of the fields of the body make the recovery; by default they are those of POST /v1/recoveries, with "requestedBy". The same ticket, sent again, answers the same recovery.',
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
