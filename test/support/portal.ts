import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import jsqr from 'jsqr';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { LocalStackOptions } from '../../local-aws/stack.ts';
import { connectBrowser } from './browser.ts';
import { startTestStack, type TestStack, userKeys } from './stack.ts';
import { consecutiveTotps, totpAt } from './totp.ts';

export { bobsSeed } from './stack.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface Visited {
  readonly page: Page;
  /** The browser's complaints, such as violations of the content security policy. */
  readonly complaints: string[];
  readonly requests: string[];
}

/** A browser and a stack for a test file. Each test reopens the page with the seeded account. */
export class Portal {
  #stack: TestStack | undefined;
  #browser: Browser | undefined;
  /** For all tests that do not need their own browser, since a new one takes a second. */
  #page: Page | undefined;
  readonly #visited: Visited[] = [];

  get stack(): TestStack {
    if (this.#stack === undefined) throw new Error('The stack runs only within tests.');
    return this.#stack;
  }

  async start(options: LocalStackOptions): Promise<void> {
    this.#stack = await startTestStack(options);
    this.#browser = await connectBrowser();
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#stack?.close();
  }

  /** Opens the page; with options, in a fresh browser of its own. */
  async visit(options?: BrowserContextOptions): Promise<Visited> {
    if (options !== undefined) return this.visitIn(await this.newPage(options));
    this.#page ??= await this.newPage();
    return this.visitIn(this.#page);
  }

  /** A blank page in its own browser. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error('The browser runs only within tests.');
    const context = await this.#browser.newContext({ locale: 'en-GB', ...options });
    return context.newPage();
  }

  async visitIn(page: Page, url = `${this.stack.apiUrl}/`): Promise<Visited> {
    const visited: Visited = { page, complaints: [], requests: [] };
    page.on('console', (message) => visited.complaints.push(message.text()));
    page.on('pageerror', (error) => visited.complaints.push(error.message));
    page.on('request', (request) => visited.requests.push(request.url()));
    this.#visited.push(visited);
    await page.goto(url);
    return visited;
  }

  /** Ends all visits and asserts that the browser complained only about refused and lost requests. */
  async leave(): Promise<void> {
    const complaints = this.#visited.flatMap((visited) => visited.complaints);
    const pages = new Set(this.#visited.map(({ page }) => page));
    this.#visited.length = 0;
    for (const page of pages) await this.#leave(page);
    await this.stack.reset();
    expect(complaints.filter((text) => !/^Failed to load resource/.test(text))).toEqual([]);
  }

  async #leave(page: Page): Promise<void> {
    if (page !== this.#page)
      return page.context() === this.#page?.context() ? page.close() : page.context().close();
    await page.removeAllListeners(undefined, { behavior: 'wait' });
    await page.unrouteAll({ behavior: 'wait' });
    await page.context().setOffline(false);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.goto('about:blank');
  }

  /** A device's current and next code. */
  codes(seed: string) {
    return consecutiveTotps(seed, this.stack.clock.now());
  }

  code(seed: string): string {
    return totpAt(seed, this.stack.clock.now());
  }
}

export function usePortal(options: LocalStackOptions = {}): Portal {
  const portal = new Portal();
  beforeAll(() => portal.start(options));
  afterEach(() => portal.leave());
  afterAll(() => portal.stop());
  return portal;
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Waits for a view by its heading. */
export const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

export async function signIn(page: Page, userName: string): Promise<void> {
  const { accessKeyId, secretAccessKey } = userKeys(userName);
  await page.getByLabel('Access key ID').fill(accessKeyId);
  await page.getByLabel('Secret access key').fill(secretAccessKey);
  await page.keyboard.press('Enter');
}

/** The seed in the page's QR code, read from a screenshot. */
export async function seedOnScreen(page: Page): Promise<string> {
  const image = page.locator('img.qr');
  await image.waitFor();
  await image.scrollIntoViewIfNeeded();
  const { data, width, height } = PNG.sync.read(await page.screenshot());
  const read = jsqr.default(new Uint8ClampedArray(data), width, height)?.data;
  const seed = new URL(read ?? 'about:blank').searchParams.get('secret');
  if (seed === null) throw new Error('The page shows no QR code of a device');
  return seed;
}

export async function enterCodes(
  page: Page,
  { code1, code2 }: { code1: string; code2: string },
): Promise<void> {
  await page.getByLabel('First code').fill(code1);
  await page.getByLabel('Next code').fill(code2);
  await page.keyboard.press('Enter');
}

/** Fills in the step-up dialog. */
export async function confirm(page: Page, code: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Confirm it’s you' });
  await dialog.getByLabel('Code', { exact: false }).fill(code);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
}

/** Renames the user's only device, up to the step-up if one is needed. */
export async function rename(page: Page, label: string): Promise<void> {
  await button(page, 'Rename').click();
  await page.getByLabel('Label').fill(label);
  await button(page, 'Save').click();
}

/** Waits for a success message. */
export const news = (page: Page, text: string) => page.locator('.news', { hasText: text }).waitFor();

/** Waits for an error message. */
export const alert = (page: Page, text: string) => page.getByRole('alert').getByText(text).waitFor();

/** A summary of axe's findings on the current page. */
export async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(`if (!('axe' in globalThis)) { ${axe} }`);
  const found = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
  return Array.isArray(found) ? found.map(String) : ['axe gave no answer'];
}

/** How much wider than its window the page is, in pixels. */
export const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
