import { explain } from '../../shared/lib/explain.ts';

/** Prints what a script makes, with `--help` its usage, and after a failure both what is wrong and the usage. */
export async function runScript(usage: string, make: () => Promise<string>): Promise<void> {
  const asked = process.argv.slice(2).some((argument) => ['--help', '-h'].includes(argument));
  try {
    console.log(asked ? usage : await make());
  } catch (error) {
    console.error(`${explain(error)}\n\n${usage}`);
    process.exitCode = 1;
  }
}
