import { runCommand } from '../support/run-command.ts';
import { load } from './load.ts';
import { parseOptions, usage } from './options.ts';

// Ends the local product, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(143));

runCommand(usage, async (args, print) => {
  const failures = await load(parseOptions(args), print);
  for (const failure of failures) print(`FAILED: ${failure}`);
  return failures.length > 0 ? 1 : 0;
});
