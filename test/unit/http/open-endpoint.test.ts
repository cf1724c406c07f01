import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { getHealth } from '../../../shared/contract/operations/get-health.ts';
import { getMe } from '../../../shared/contract/operations/get-me.ts';
import { openEndpoint } from '../../../shared/http/endpoint.ts';
import { apiEnv, apiEvent, lambdaContext } from '../../support/api-event.ts';

beforeEach(() => {
  for (const [name, value] of Object.entries(apiEnv)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const nobody = { accessKey: null, accountId: null, caller: null, user: null, userArn: null };
const handler = openEndpoint(getHealth, () => ({ status: 'ok' as const }));

it('answers whom the gateway does not know', async () => {
  const response = await handler(apiEvent({ path: '/v1/health', identity: nobody }), lambdaContext());
  expect(response).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
});

it.each([
  ['another stage', { path: '/v1/health', requestContext: { stage: 'test-invoke-stage' } }, 403],
  ['another spelling', { path: '/v1/health/' }, 404],
  ['a parameter', { path: '/v1/health', multiValueQueryStringParameters: { user: ['bob'] } }, 400],
])('refuses %s', async (_what, event, status) => {
  const response = await handler(apiEvent({ ...event, identity: nobody }), lambdaContext());
  expect(response.statusCode).toBe(status);
});

it('is not to be had for an operation that only some may call', () => {
  expect(() => openEndpoint(getMe, () => Object())).toThrow('get-me is not open to everyone');
});
