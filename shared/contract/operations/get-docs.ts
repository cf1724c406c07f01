import { defineOperation } from '../operation.ts';
import { noBody, noContent, nothing } from '../schemas.ts';

export const getDocs = defineOperation({
  name: 'get-docs',
  method: 'GET',
  path: '/v1/docs',
  gate: 'anonymous',
  audience: ['anyone'],
  actions: [],
  table: {},
  summary: 'The API documentation as a web page',
  description: 'Self-contained: it loads nothing but the OpenAPI document next to it.',
  input: { path: nothing, query: nothing, body: noBody },
  status: 200,
  output: noContent,
  media: ['text/html'],
  problems: [],
});
