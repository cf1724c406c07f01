import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { ownRecovery } from '../recovery-schemas.ts';
import { next, noBody, nothing, pageQuery } from '../schemas.ts';

export const listMyRecoveries = defineOperation({
  name: 'list-my-recoveries',
  method: 'GET',
  path: '/v1/me/recoveries',
  gate: 'identity',
  audience: ['self-service'],
  actions: [],
  table: { recovery: ['bySubject'] },
  summary: 'List recoveries of your devices',
  description: 'Whoever requested them, latest first. If you did not ask for one, object to it.',
  input: { path: nothing, query: pageQuery, body: noBody },
  status: 200,
  output: z.strictObject({ items: z.array(ownRecovery), next }),
  media: [],
  problems: [],
});
