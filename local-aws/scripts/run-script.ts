import { explain } from '../../shared/lib/explain.ts';

/** Prints a script's result, or its usage with `--help`. On failure, prints the error and the usage. */
export async function runScript(usage: string, make: () => Promise<string>): Promise<void> {
  const wantsHelp = process.argv.slice(2).some((argument) => ['--help', '-h'].includes(argument));
  try {
    console.log(wantsHelp ? usage : await make());
  } catch (error) {
    console.error(`${explain(error)}\n\n${usage}`);
    process.exitCode = 1;
  }
}
