import * as z from 'zod/mini';
import { defineOperation } from '../operation.ts';
import { noBody, nothing, timestamp } from '../schemas.ts';

export const getMe = defineOperation({
  name: 'get-me',
  method: 'GET',
  path: '/v1/me',
  gate: 'identity',
  audience: ['self-service'],
  actions: ['iam:ListMFADevices', 'iam:ListVirtualMFADevices', 'iam:ListMFADeviceTags'],
  table: {},
  summary: 'Who you are and how many MFA devices you have',
  description:
    'Also returns the STS endpoint to sign GetSessionToken requests for, and how long a session with MFA ' +
    'counts as recent.',
  input: { path: nothing, query: nothing, body: noBody },
  status: 200,
  output: z.strictObject({
    userName: z.string(),
    userArn: z.string(),
    accountId: z.string(),
    mfa: z.strictObject({ active: z.int(), pending: z.int() }),
    stsEndpoint: z.string(),
    serverTime: timestamp,
    stepUpMaxAgeSeconds: z.int(),
  }),
  media: [],
  problems: [],
});
