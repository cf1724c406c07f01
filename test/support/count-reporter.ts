import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * Ends the run with the line `N passed, N failed`. A file that cannot be loaded counts as a failure, as does
 * anything else that fails the run, such as its set-up.
 */
// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class CountReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    const unloaded = modules.flatMap((module) => module.errors()).length;
    const known = states.length - count('passed') - count('skipped') + unloaded + unhandledErrors.length;
    const failed = known === 0 && reason !== 'passed' ? 1 : known;
    const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
    process.stdout.write(`\n${count('passed')} passed, ${failed} failed${skipped}\n`);
  }
}
