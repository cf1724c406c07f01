import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../local-aws/servers.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { launchChromium } from '../support/chromium.ts';
import { useApi } from '../support/e2e.ts';
import { rawFetch } from '../support/http.ts';

const api = useApi();
const operations = await loadOperations();
/** What anybody may read; webhooks, which are signed in their own way, have tests of their own. */
const open = operations.filter(({ gate, method }) => gate === 'anonymous' && method === 'GET');

describe('who does not sign', () => {
  it('learns that the API answers, without any call to AWS', async () => {
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

  it.each(open)('gets $name also with a signature that is worth nothing', async ({ path }) => {
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

  it.each(open)('gets nothing of $name by another method, nor with parameters', async ({ path }) => {
    const posted = await api.send('POST', path, {});
    const asked = await api.send('GET', `${path}?user=bob`, {});
    expect(posted.json().code).toBe('unauthenticated');
    expect(asked.json()).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/query/user' }] });
  });

  it.each(open)('gets nothing of $name through a test-invoke', async ({ path }) => {
    const principal = api.stack.account.resolve('AKIALOCALADMIN000001', undefined);
    if (!('principal' in principal)) throw new Error('admin is not known');
    const answer = await api.stack.gateway.testInvoke({ method: 'GET', target: path, ...principal });
    expect(JSON.parse(answer.body.toString()).code).toBe('access-denied');
  });
});

describe('the page to read', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  }, 300_000);
  afterAll(() => browser?.close());

  /** Opens the page; tells what the browser complained of, and which requests it made. */
  async function visit(url: string) {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(url);
    await page.locator('.opblock').first().waitFor();
    return { page, complaints, requests };
  }

  it('shows every operation, without complaint and without asking any other origin', async () => {
    const { page, complaints, requests } = await visit(`${api.stack.apiUrl}/v1/docs`);
    const shown = await page.locator('.opblock-summary').allInnerTexts();
    const routes = shown.map((text) => text.split('\n').slice(0, 2).join(' ').replaceAll('\u200b', ''));
    expect(routes.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
    // Not all: a browser takes its time for each.
    const controls = await page.locator('.opblock-summary-control').all();
    const some = controls.filter((_, index) => index % 6 === 0);
    for (const control of some) await control.click();
    await expect.poll(() => page.locator('.opblock.is-open .responses-table').count()).toBe(some.length);
    await expect.poll(() => page.locator('.opblock.is-open .btn.try-out__btn').count()).toBe(0);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([`${api.stack.apiUrl}/v1/docs`, `${api.stack.apiUrl}/v1/openapi.json`]);
    await page.close();
  }, 120_000);

  it('works below a stage or a base path', async () => {
    const server = createServer(async (request, response) => {
      const { status, headers, body } = await rawFetch(
        api.stack.apiUrl,
        'GET',
        (request.url ?? '').replace(/^\/prod/, ''),
      );
      response.writeHead(status, headers).end(body);
    });
    const url = await listen(server, 0);
    try {
      const { page, complaints, requests } = await visit(`${url}/prod/v1/docs`);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([`${url}/prod/v1/docs`, `${url}/prod/v1/openapi.json`]);
      await page.close();
    } finally {
      await close(server);
    }
  }, 60_000);

  it('runs no script but its own', async () => {
    const { page, complaints } = await visit(`${api.stack.apiUrl}/v1/docs`);
    await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'globalThis.intruder = true';
      document.body.append(script);
    `);
    expect(await page.evaluate("'intruder' in globalThis")).toBe(false);
    expect(complaints.join()).toMatch(/Content Security Policy/);
    await page.close();
  }, 60_000);
});
