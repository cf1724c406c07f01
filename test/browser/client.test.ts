import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectBrowser } from '../support/browser.ts';
import { bobsSeed } from '../support/e2e-flows.ts';
import { startTestStack, type TestStack, userKeys } from '../support/stack.ts';
import { totpAt } from '../support/totp.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

const entry = fileURLToPath(new URL('../../clients/typescript/src/index.ts', import.meta.url));

/** The client as the source of one ES module. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  return outputFiles[0]?.text ?? '';
}

/** A page's use of the client. */
const story = `async ({ code, url, credentials }) => {
  const blob = new Blob([code], { type: 'text/javascript' });
  const { createClient, isProblem } = await import(URL.createObjectURL(blob));
  const client = createClient({ url, credentials, code: () => totp() });
  const created = await client.createMfaDevice({ name: 'tablet' });
  const png = await client.createMfaDevice({ name: 'tablet' }, { accept: 'image/png' });
  await client.tagMfaDevice({ deviceId: 'tablet', tags: { 'a b': 'c+d' } });
  const { tags } = await client.getMfaDevice({ deviceId: 'tablet' });
  const missing = await client.getMfaDevice({ deviceId: 'none' }).catch((error) => isProblem(error, 'device-not-found'));
  return { id: created.id, png: [...png.slice(1, 4)], tags, missing, kept: localStorage.length + sessionStorage.length };
}`;

it('signs, steps up and reads in a browser, and stores nothing there', async () => {
  const browser = await connectBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${stack.apiUrl}/v1/health`);
    await page.exposeFunction('totp', () => totpAt(bobsSeed, stack.clock.now()));
    const settings = { code: await bundled(), url: stack.apiUrl, credentials: userKeys('bob') };
    expect(await page.evaluate(`(${story})(${JSON.stringify(settings)})`)).toEqual({
      id: 'tablet',
      png: [...Buffer.from('PNG')],
      tags: { 'a b': 'c+d' },
      missing: true,
      kept: 0,
    });
    expect(await page.context().cookies()).toEqual([]);
  } finally {
    await browser.close();
  }
});
