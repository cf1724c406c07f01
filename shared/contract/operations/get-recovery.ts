import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { recovery, recoveryId } from '../recovery-schemas.ts';
import { noBody, nothing } from '../schemas.ts';

export const getRecovery = defineOperation({
  name: 'get-recovery',
  method: 'GET',
  path: '/v1/recoveries/{recoveryId}',
  gate: 'second-factor',
  audience: ['recovery-agent', 'recovery-approver'],
  actions: [],
  table: { recovery: ['get'] },
  summary: 'Get a recovery',
  description: 'With its state, its approvals and the devices it removes.',
  input: { path: z.strictObject({ recoveryId }), query: nothing, body: noBody },
  status: 200,
  output: recovery,
  media: [],
  problems: ['recovery-not-found'],
});
