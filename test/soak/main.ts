import { runCommand } from '../support/run-command.ts';
import { parseOptions, usage } from './options.ts';
import { soak } from './soak.ts';

// Ends the local product, too.
process.once('SIGTERM', () => process.exit(143));

runCommand(usage, async (args, print) => {
  const options = parseOptions(args);
  print(`Seed ${options.seed}, ${options.steps} actions a round`);
  const report = await soak(options, print);
  print(`\n${report.lines().join('\n')}, seed ${options.seed}`);
  return report.violations.length > 0 ? 1 : 0;
});
