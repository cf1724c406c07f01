import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { noBody, nothing } from '../schemas.ts';

export const getOpenapi = defineOperation({
  name: 'get-openapi',
  method: 'GET',
  path: '/v1/openapi.json',
  gate: 'anonymous',
  audience: ['anyone'],
  actions: [],
  table: {},
  summary: 'This document',
  description: 'The OpenAPI 3.1 description of the API.',
  input: { path: nothing, query: nothing, body: noBody },
  status: 200,
  output: z.looseObject({ openapi: z.string() }),
  media: [],
  problems: [],
});
