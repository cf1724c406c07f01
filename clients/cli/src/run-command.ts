import { CommanderError } from 'commander';
import type { Run } from './command.ts';
import { type ExitCode, exitCodes } from './failure.ts';
import type { Host } from './host.ts';
import { buildProgram } from './program.ts';
import { harmlessJson } from './text.ts';

/** Runs one command to its end and returns the exit code. All output goes to the host. */
export async function runCommand(args: readonly string[], host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = buildProgram(async (command, work) => {
    exitCode = await run(host, command, work);
  }, host);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    const message = error.code === 'commander.help' ? 'No command given.' : error.message;
    const document = { error: { code: 'usage', message: message.replace(/^error: /, '') } };
    if (program.opts()['output'] === 'json') host.stderr.write(`${harmlessJson(document)}\n`);
    return exitCodes.usage;
  }
  return exitCode;
}

/** Does a command's work, and reports why it failed if it does. */
async function run(host: Host, ...[command, work]: Parameters<Run>): Promise<ExitCode> {
  const { Context } = await import('./context.ts');
  const context = new Context(host, command.optsWithGlobals());
  host.onInterrupt(() => context.terminal.interrupt());
  try {
    await work(context);
    return exitCodes.done;
  } catch (error) {
    const { explain, explanationText } = await import('./explain.ts');
    const explanation = explain(context.signal.aborted ? context.signal.reason : error, context.inUse);
    const { exitCode, ...document } = explanation;
    context.terminal.failure({ error: document }, () => [
      { style: 'red', text: 'iam-mfa:' },
      ` ${explanationText(explanation)}`,
    ]);
    return exitCode;
  } finally {
    await context.close();
  }
}
