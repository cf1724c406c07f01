import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with the line `N passed, N failed`. A file that cannot be loaded counts as a failure. */
// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        if (test.ok()) passed += 1;
        else failed += 1;
      }
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  }
}
