import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { close, listen } from '../../local-aws/servers.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { rawFetch } from '../support/http.ts';
import { usePortal } from '../support/portal.ts';

const portal = usePortal();
const operations = await loadOperations();

/** Opens the page, and returns the browser's complaints and requests. */
async function visit(url: string) {
  const page = await portal.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  await page.locator('.opblock').first().waitFor();
  return { page, complaints, requests };
}

it('shows every operation, without errors or requests to other origins', async () => {
  const { page, complaints, requests } = await visit(`${portal.stack.apiUrl}/v1/docs`);
  const shown = await page.locator('.opblock-summary').allInnerTexts();
  const routes = shown.map((text) => text.split('\n').slice(0, 2).join(' ').replaceAll('\u200b', ''));
  expect(routes.sort()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).sort());
  // Not all of them: each takes a browser a while.
  const controls = await page.locator('.opblock-summary-control').all();
  const some = controls.filter((_, index) => index % 6 === 0);
  for (const control of some) await control.click();
  await expect.poll(() => page.locator('.opblock.is-open .responses-table').count()).toBe(some.length);
  await expect.poll(() => page.locator('.opblock.is-open .btn.try-out__btn').count()).toBe(0);
  expect(complaints).toEqual([]);
  expect(requests).toEqual([`${portal.stack.apiUrl}/v1/docs`, `${portal.stack.apiUrl}/v1/openapi.json`]);
  await page.context().close();
}, 120_000);

it('works below a stage or a base path', async () => {
  const server = createServer(async (request, response) => {
    const { status, headers, body } = await rawFetch(
      portal.stack.apiUrl,
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
    await page.context().close();
  } finally {
    await close(server);
  }
}, 60_000);

it('runs no scripts but its own', async () => {
  const { page, complaints } = await visit(`${portal.stack.apiUrl}/v1/docs`);
  await page.evaluate(`
    const script = document.createElement('script');
    script.textContent = 'globalThis.intruder = true';
    document.body.append(script);
  `);
  expect(await page.evaluate("'intruder' in globalThis")).toBe(false);
  expect(complaints.join()).toMatch(/Content Security Policy/);
  await page.context().close();
}, 60_000);
