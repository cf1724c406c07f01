import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/** The shared browser. The test must close it, which ends only what that test opened. */
export async function connectBrowser(): Promise<Browser> {
  const browser = inject('browser');
  if ('failure' in browser) throw new Error(browser.failure);
  return chromium.connect(browser.url);
}
