import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { ownRecovery, recoveryId } from '../recovery-schemas.ts';
import { noBody, nothing } from '../schemas.ts';

export const objectToRecovery = defineOperation({
  name: 'object-to-recovery',
  method: 'PUT',
  path: '/v1/me/recoveries/{recoveryId}/objection',
  gate: 'identity',
  audience: ['self-service'],
  actions: [],
  table: { recovery: ['get', 'put'] },
  audit: 'object-to-recovery',
  summary: 'Object to a recovery of your devices',
  description: 'The recovery then needs one more approval, from another person. Objecting again returns 200.',
  input: { path: z.strictObject({ recoveryId }), query: nothing, body: noBody },
  status: 200,
  output: ownRecovery,
  media: [],
  problems: ['recovery-not-found', 'recovery-closed'],
});
