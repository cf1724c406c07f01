import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { recovery, recoveryId } from '../recovery-schemas.ts';
import { noBody, nothing } from '../schemas.ts';

export const denyRecovery = defineOperation({
  name: 'deny-recovery',
  method: 'PUT',
  path: '/v1/recoveries/{recoveryId}/denial',
  gate: 'second-factor',
  audience: ['recovery-approver'],
  actions: [],
  table: { recovery: ['get', 'put'] },
  audit: 'deny-recovery',
  summary: 'Deny a recovery',
  description: 'Ends the recovery. Denying again returns 200.',
  input: { path: z.strictObject({ recoveryId }), query: nothing, body: noBody },
  status: 200,
  output: recovery,
  media: [],
  problems: ['recovery-not-found', 'recovery-closed', 'separation-of-duties'],
});
