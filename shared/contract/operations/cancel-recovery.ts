import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { recovery, recoveryId } from '../recovery-schemas.ts';
import { noBody, nothing } from '../schemas.ts';

export const cancelRecovery = defineOperation({
  name: 'cancel-recovery',
  method: 'PUT',
  path: '/v1/recoveries/{recoveryId}/cancellation',
  gate: 'second-factor',
  audience: ['recovery-approver'],
  actions: [],
  table: { recovery: ['get', 'put'] },
  audit: 'cancel-recovery',
  summary: 'Cancel a recovery',
  description:
    'For a recovery that is no longer needed. The requester may cancel it too. Cancelling again returns 200.',
  input: { path: z.strictObject({ recoveryId }), query: nothing, body: noBody },
  status: 200,
  output: recovery,
  media: [],
  problems: ['recovery-not-found', 'recovery-closed', 'separation-of-duties'],
});
