import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumOptions } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The endpoint of the browser shared by all test files, or why there is none. */
    readonly browser: { readonly url: string } | { readonly failure: string };
  }
}

/** Starts one browser for all test files of a run. Without one, only the tests that need it fail. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  try {
    const server = await chromium.launchServer({ ...chromiumOptions(), host: '127.0.0.1' });
    project.provide('browser', { url: server.wsEndpoint() });
    return () => server.close();
  } catch (error) {
    project.provide('browser', { failure: String(error) });
    return async () => undefined;
  }
}
