import { explain } from '../../shared/lib/explain.ts';

/** Runs a command that prints lines and returns its exit status, or prints its usage with `--help`. An error is 1. */
export function runCommand(
  usage: string,
  run: (args: readonly string[], print: (line: string) => void) => Promise<number>,
): void {
  const print = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    print(usage);
    return;
  }
  run(args, print).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      process.stderr.write(`${explain(error)}\n`);
      process.exitCode = 1;
    },
  );
}
