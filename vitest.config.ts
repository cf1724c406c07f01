import { defineConfig } from 'vitest/config';

/** Tests that look at pages in Chromium. */
const browser = ['test/browser/**/*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'browser', include: browser, globalSetup: 'test/support/browser-server.ts' },
      },
      { extends: true, test: { name: 'node', include: ['test/**/*.test.ts'], exclude: browser } },
    ],
  },
});
