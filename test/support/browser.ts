import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/** The browser of all test files; to be closed by the test, which ends only what it opened there. */
export async function connectBrowser(): Promise<Browser> {
  const browser = inject('browser');
  if ('failure' in browser) throw new Error(browser.failure);
  return chromium.connect(browser.url);
}
