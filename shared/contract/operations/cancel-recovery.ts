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
  table: ['recovery'],
  audit: 'cancel-recovery',
  summary: 'Cancel a recovery',
  description: 'For one that is not needed any more; also by who asked for it. Cancelling again answers 200.',
  input: { path: z.strictObject({ recoveryId }), query: nothing, body: noBody },
  status: 200,
  output: recovery,
  media: [],
  problems: ['recovery-not-found', 'recovery-closed', 'separation-of-duties'],
});
