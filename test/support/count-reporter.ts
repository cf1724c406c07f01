import type { Reporter, TestModule, TestRunEndReason, Vitest } from 'vitest/node';
import { deploy } from '../../local-aws/cloudformation/deploy.ts';
import { rolesOf } from '../../local-aws/cloudformation/iam.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { unusedRights } from './unused-rights.ts';
import { keptUses } from './uses.ts';

/**
 * Ends the run with the line `N passed, N failed`. A file that cannot be loaded counts as a failure, as does
 * anything else that fails the run, such as its set-up. When all files of the stack passed, one more test counts:
 * that functions used every right that their roles grant.
 */
// biome-ignore lint/style/noDefaultExport: vitest loads reporters by their default export
export default class CountReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly unknown[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    const unloaded = modules.flatMap((module) => module.errors()).length;
    const known = states.length - count('passed') - count('skipped') + unloaded + unhandledErrors.length;
    const failed = known === 0 && reason !== 'passed' ? 1 : known;
    const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
    const unused = failed === 0 ? await this.#unusedRights(modules) : undefined;
    const isUnused = unused !== undefined && unused.length > 0;
    if (isUnused) {
      process.exitCode = 1;
      process.stdout.write(`\nRights that no test used; take them away:\n${unused.join('\n')}\n`);
    }
    const more = { passed: unused !== undefined && !isUnused ? 1 : 0, failed: isUnused ? 1 : 0 };
    process.stdout.write(
      `\n${count('passed') + more.passed} passed, ${failed + more.failed} failed${skipped}\n`,
    );
  }

  /** Undefined unless every file that starts the local AWS has run. */
  async #unusedRights(modules: readonly TestModule[]): Promise<readonly string[] | undefined> {
    const { uses } = this.#vitest?.getRootProject().getProvidedContext() ?? {};
    if (this.#vitest === undefined || uses === undefined) return undefined;
    const run = new Set(modules.map(({ moduleId }) => moduleId));
    const all = await this.#vitest.globTestSpecifications();
    // None if another project was asked for.
    const ofStack = all.filter(({ project }) => project.name === 'stack');
    const isWhole = ofStack.length > 0 && ofStack.every(({ moduleId }) => run.has(moduleId));
    if (!isWhole) return undefined;
    const { resolved } = await deploy();
    return unusedRights(rolesOf(resolved), await loadOperations(), keptUses(uses));
  }
}
