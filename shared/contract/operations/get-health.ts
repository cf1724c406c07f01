import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { noBody, nothing } from '../schemas.ts';

export const getHealth = defineOperation({
  name: 'get-health',
  method: 'GET',
  path: '/v1/health',
  gate: 'anonymous',
  audience: ['anyone'],
  actions: [],
  table: {},
  summary: 'Check that the API answers',
  description: 'Does not call AWS: an answer means that the gateway and its functions run.',
  input: { path: nothing, query: nothing, body: noBody },
  status: 200,
  output: z.strictObject({ status: z.literal('ok') }),
  media: [],
  problems: [],
});
