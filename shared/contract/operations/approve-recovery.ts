import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { recovery, recoveryId } from '../recovery-schemas.ts';
import { noBody, nothing } from '../schemas.ts';

export const approveRecovery = defineOperation({
  name: 'approve-recovery',
  method: 'PUT',
  path: '/v1/recoveries/{recoveryId}/approval',
  gate: 'second-factor',
  audience: ['recovery-approver'],
  actions: [],
  table: { lease: ['recoveryUnderWay'], recovery: ['get', 'put'] },
  audit: 'approve-recovery',
  summary: 'Approve a recovery',
  description:
    'Neither the requester nor the subject may approve. Once it has all the approvals it needs, ' +
    'the recovery is executed within a minute or so. Approving again returns 200. A user has one recovery at a ' +
    'time: the last approval is refused as `busy` until another one, approved before, has ended.',
  input: { path: z.strictObject({ recoveryId }), query: nothing, body: noBody },
  status: 200,
  output: recovery,
  media: [],
  problems: ['recovery-not-found', 'recovery-closed', 'separation-of-duties'],
});
