import { describe, expect, it } from 'vitest';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { useApi } from '../support/e2e.ts';

const api = useApi();
const operations = await loadOperations();
/** Open to everyone; webhooks, which have their own signatures, are tested elsewhere. */
const open = operations.filter(({ gate, method }) => gate === 'anonymous' && method === 'GET');

describe('an unsigned request', () => {
  it('gets a health answer without any call to AWS', async () => {
    const answer = await api.send('GET', '/v1/health', {});
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ status: 'ok' });
    expect(api.called()).toEqual([]);
  });

  it('gets the OpenAPI document', async () => {
    const answer = await api.send('GET', '/v1/openapi.json', {});
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ openapi: '3.1.0' });
  });

  it.each(open)('gets $name even with an invalid signature', async ({ path }) => {
    const answer = await api.send('GET', path, { Authorization: 'AWS4-HMAC-SHA256 Credential=nobody' });
    expect(answer.status).toBe(200);
  });

  it.each(open.flatMap(({ path }) => [`${path}/`, `/${path}`, `/v1/me/..${path.slice(3)}`, `${path}%20`]))(
    'gets nothing at %s',
    async (target) => {
      const answer = await api.send('GET', target, {});
      expect([403, 404]).toContain(answer.status);
    },
  );

  it.each(open)('does not get $name by another method or with parameters', async ({ path }) => {
    const posted = await api.send('POST', path, {});
    const asked = await api.send('GET', `${path}?user=bob`, {});
    expect(posted.json().code).toBe('unauthenticated');
    expect(asked.json()).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/query/user' }] });
  });

  it.each(open)('does not get $name through a test-invoke', async ({ path }) => {
    const principal = api.stack.account.resolve('AKIALOCALADMIN000001', undefined);
    if (!('principal' in principal)) throw new Error('admin is not known');
    const answer = await api.stack.gateway.testInvoke({ method: 'GET', target: path, ...principal });
    expect(JSON.parse(answer.body.toString()).code).toBe('access-denied');
  });
});
