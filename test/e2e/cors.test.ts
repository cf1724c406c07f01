import { describe, expect, it } from 'vitest';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { useApi } from '../support/e2e.ts';
import { stepUp } from '../support/e2e-flows.ts';
import { type Answer, rawFetch } from '../support/http.ts';
import { startTestStack } from '../support/stack.ts';

const portal = 'https://portal.example.com';
const other = 'http://localhost:5173';
const api = useApi(async () => ({ parameters: { AllowedOrigins: `${portal},${other}` } }));
const operations = await loadOperations();
const pathOf = ({ path }: { readonly path: string }) => path.replaceAll(/\{\w+\}/g, 'phone');

/** The preflight that a browser sends before a page's signed request. */
const preflight = (path: string, origin: string, headers: Readonly<Record<string, string>> = {}) =>
  rawFetch(api.stack.apiUrl, 'OPTIONS', path, {
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization,x-amz-date,x-amz-security-token,content-type',
    ...headers,
  });

const allowedOrigin = ({ headers }: Answer) => headers['access-control-allow-origin'];

/** Origins that are not configured, including near misses. */
const foreign = [
  ['another site', 'https://evil.example.com'],
  ['a sandboxed page or file', 'null'],
  ['a host with the same ending', 'https://evilportal.example.com'],
  ['a host with the same beginning', 'https://portal.example.com.evil.net'],
  ['a subdomain', 'https://a.portal.example.com'],
  ['plain HTTP', 'http://portal.example.com'],
  ['another port', 'https://portal.example.com:8443'],
  ['another letter case', 'https://PORTAL.example.com'],
  ['the configured list itself', `${portal},${other}`],
  ['two origins', `${portal} ${other}`],
  ['a wildcard', '*'],
] as const;

describe('a preflight', () => {
  it.each(operations.filter(({ path }) => path !== '/'))(
    'of $name needs no signature and allows the methods of its path',
    async (operation) => {
      const answer = await preflight(pathOf(operation), portal);
      const methods = operations.filter(({ path }) => path === operation.path).map(({ method }) => method);
      expect(answer.status).toBe(204);
      expect(answer.text).toBe('');
      expect(allowedOrigin(answer)).toBe(portal);
      expect(answer.headers['access-control-allow-methods']?.split(',').sort()).toEqual(methods.sort());
      expect(answer.headers['access-control-allow-headers']?.split(',')).toEqual(
        expect.arrayContaining([
          'authorization',
          'x-amz-date',
          'x-amz-security-token',
          'x-amz-content-sha256',
          'content-type',
          'accept',
        ]),
      );
      expect(answer.headers['access-control-max-age']).toMatch(/^\d+$/);
      expect(answer.headers['vary']).toBe('origin');
    },
  );

  it('echoes whichever configured origin asks', async () => {
    expect(allowedOrigin(await preflight('/v1/mfa-devices', other))).toBe(other);
  });

  it.each(foreign)('stops %s', async (_, origin) => {
    expect(allowedOrigin(await preflight('/v1/mfa-devices', origin))).toBeUndefined();
  });

  it('never allows credentials', async () => {
    const answer = await preflight('/v1/mfa-devices', portal, { Cookie: 'session=1' });
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('has no body but JSON', async () => {
    const answer = await preflight('/v1/me', portal, { 'Content-Type': 'text/plain' });
    expect(answer.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    expect((await preflight('/v1/me', portal, { 'Content-Type': 'application/json' })).status).toBe(204);
  });

  it.each(['/v1/unknown', '/', '/v1'])('of %s gets no answer', async (path) => {
    expect((await preflight(path, portal)).status).toBe(403);
  });
});

describe('OPTIONS with a method override', () => {
  const overrides = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const routes = operations.filter(({ gate }) => gate !== 'anonymous');

  it.each(overrides)('%s reaches no operation unsigned', async (override) => {
    for (const operation of routes) {
      const headers = { 'X-HTTP-Method-Override': override };
      const answer = await preflight(pathOf(operation), portal, headers);
      expect([204, 403], answer.text).toContain(answer.status);
      expect(api.called()).toEqual([]);
    }
  });

  it.each(overrides)('%s does not get a long-term key past the gate', async (override) => {
    const before = api.devices();
    for (const operation of routes.filter(({ gate }) => gate === 'second-factor')) {
      const headers = { 'X-HTTP-Method-Override': override };
      const answer = await api.fetch('bob', 'OPTIONS', pathOf(operation), undefined, headers);
      expect(answer.status, answer.text).toBe(403);
    }
    expect(api.devices()).toBe(before);
  });

  it('gives users no route that their own policies do not allow', async () => {
    const headers = { 'X-HTTP-Method-Override': 'GET' };
    const answer = await api.fetch('kim', 'OPTIONS', '/v1/me', undefined, headers);
    expect(answer.json().code).toBe('access-denied');
  });
});

describe('a page can read', () => {
  it("the functions' answers, problems included", async () => {
    const ok = await api.fetch('bob', 'GET', '/v1/me', undefined, { Origin: other });
    const problem = await api.fetch('bob', 'GET', '/v1/me/mfa-devices/none', undefined, { Origin: other });
    expect([ok.status, problem.status]).toEqual([200, 404]);
    expect([ok, problem].map(allowedOrigin)).toEqual([other, other]);
  });

  it('the gatewayâs refusals, from the first origin', async () => {
    const answer = await api.fetch('bob', 'POST', '/v1/mfa-devices', { name: 'x' }, { Origin: portal });
    expect(answer.json().code).toBe('access-denied');
    expect(allowedOrigin(answer)).toBe(portal);
    expect(answer.headers['vary']).toBe('origin');
  });

  it.each(foreign)('nothing from %s', async (_, origin) => {
    const headers = { Origin: origin };
    const answers = [
      await api.fetch('bob', 'GET', '/v1/me', undefined, headers),
      await api.fetch('bob', 'POST', '/v1/mfa-devices', { name: 'x' }, headers),
      await api.fetch(stepUp(api, 'bob'), 'DELETE', '/v1/mfa-devices/none', undefined, headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 404]);
    for (const answer of answers) {
      expect([undefined, portal]).toContain(allowedOrigin(answer));
      expect(allowedOrigin(answer)).not.toBe(origin);
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    }
  });
});

describe('without origins configured', () => {
  it('preflights get no answer, and pages can read none', async () => {
    const stack = await startTestStack();
    try {
      const asked = await rawFetch(stack.apiUrl, 'OPTIONS', '/v1/mfa-devices', { Origin: portal });
      const told = await stack.fetch('bob', 'GET', '/v1/me', undefined, { Origin: portal });
      const refused = await stack.fetch('bob', 'POST', '/v1/mfa-devices', {}, { Origin: portal });
      expect([asked, told, refused].map(({ status }) => status)).toEqual([403, 200, 403]);
      for (const { headers } of [asked, told, refused]) {
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    } finally {
      await stack.close();
    }
  });
});
