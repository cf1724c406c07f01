import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with the line `N passed, N failed`. A file that cannot be loaded counts as a failure. */
// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    const unloaded = modules.flatMap((module) => module.errors()).length;
    const failed = states.length - count('passed') - count('skipped') + unloaded + unhandledErrors.length;
    const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
    process.stdout.write(`\n${count('passed')} passed, ${failed} failed${skipped}\n`);
  }
}
