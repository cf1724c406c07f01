import { explain } from '../../shared/lib/explain.ts';
import { parseOptions, type SoakOptions, usage } from './options.ts';
import { soak } from './soak.ts';

const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    print(usage);
    return 0;
  }
  const options: SoakOptions = parseOptions(args);
  print(`Seed ${options.seed}, ${options.steps} actions a round`);
  const report = await soak(options, print);
  print(`\n${report.lines().join('\n')}, seed ${options.seed}`);
  return report.violations.length > 0 ? 1 : 0;
}

// Ends the local product, too.
process.once('SIGTERM', () => process.exit(143));

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  },
);
