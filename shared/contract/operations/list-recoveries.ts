import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { recovery, recoveryState } from '../recovery-schemas.ts';
import { next, noBody, nothing, pageQuery } from '../schemas.ts';

export const listRecoveries = defineOperation({
  name: 'list-recoveries',
  method: 'GET',
  path: '/v1/recoveries',
  gate: 'second-factor',
  audience: ['recovery-agent', 'recovery-approver'],
  actions: [],
  table: { recovery: ['byState'] },
  summary: 'List recoveries',
  description: 'Those in one state, latest request first.',
  input: {
    path: nothing,
    query: z.extend(pageQuery, { state: z._default(recoveryState, 'requested') }),
    body: noBody,
  },
  status: 200,
  output: z.strictObject({ items: z.array(recovery), next }),
  media: [],
  problems: [],
});
