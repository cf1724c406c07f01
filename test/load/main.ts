import { explain } from '../../shared/lib/explain.ts';
import { load } from './load.ts';
import { parseOptions, usage } from './options.ts';

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    print(usage);
    return 0;
  }
  const failures = await load(parseOptions(args), print);
  for (const failure of failures) print(`FAILED: ${failure}`);
  return failures.length > 0 ? 1 : 0;
}

// Ends the local product, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(143));

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  },
);
