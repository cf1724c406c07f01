import { defineOperation } from '../operation.ts';
import { noBody, noContent, nothing } from '../schemas.ts';

export const getPortal = defineOperation({
  name: 'get-portal',
  method: 'GET',
  path: '/',
  gate: 'anonymous',
  audience: ['anyone'],
  actions: [],
  table: {},
  summary: 'The page on which users manage their devices',
  description: 'Self-contained: it loads nothing, and calls only the API that serves it.',
  input: { path: nothing, query: nothing, body: noBody },
  status: 200,
  output: noContent,
  media: ['text/html'],
  problems: [],
});
