import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { nothing, session } from '../schemas.ts';

export const createSession = defineOperation({
  name: 'create-session',
  method: 'POST',
  path: '/v1/me/sessions',
  gate: 'identity',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices'],
  table: { codes: 'count' },
  audit: 'issue-session',
  summary: 'Get a session with MFA from a GetSessionToken request that you signed',
  description:
    'Presign a GET of STS GetSessionToken with SerialNumber and TokenCode, using the access key that signs this ' +
    'call. The request is checked and forwarded unchanged; secret keys never reach the API.',
  input: {
    path: nothing,
    query: nothing,
    body: z.strictObject({
      presignedUrl: z.string().check(z.maxLength(4096, 'must be at most 4096 characters')),
    }),
  },
  status: 201,
  output: session,
  media: [],
  problems: ['device-not-found', 'device-not-ready', 'invalid-authentication-code'],
});
