import { defineConfig } from 'vitest/config';

/** What needs no stack, no browser and no process: these files share their modules, and leave them as they were. */
const unit = [
  'test/unit/**/*.test.ts',
  'test/infra/{assumed-roles,docs,environment-credentials}.test.ts',
  'test/infra/{create-only,deployer,names}.test.ts',
  'test/infra/{cloudformation,template}/**/*.test.ts',
  'test/infra/{function-roles,gateway-responses,managed-policies,resource-policy,resource-policy-document,scp,settings,table-rights}.test.ts',
];
/** Tests that look at pages in Chromium. */
const browser = ['test/browser/**/*.test.ts'];
const bundles = 'test/support/bundle-functions.ts';
const uses = 'test/support/uses.ts';

// What takes longest begins first: projects in the order of their names, and their files, the largest first.
export default defineConfig({
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'browser',
          include: browser,
          globalSetup: [bundles, uses, 'test/support/browser-server.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'stack',
          include: ['test/**/*.test.ts'],
          exclude: [...browser, ...unit, '**/node_modules/**'],
          globalSetup: [bundles, uses],
        },
      },
      {
        extends: true,
        test: { name: 'unit', include: unit, isolate: false, setupFiles: 'test/support/left-as-found.ts' },
      },
    ],
  },
});
