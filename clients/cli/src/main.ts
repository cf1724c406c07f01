#!/usr/bin/env node
import { CommanderError } from 'commander';
import type { Run } from './command.ts';
import { exitCodes } from './failure.ts';
import type { Host } from './host.ts';
import { buildProgram } from './program.ts';
import { harmlessJson } from './text.ts';

const { stdout, stderr } = process;
const host: Host = {
  // biome-ignore lint/style/noProcessEnv: the only place that reads the environment
  env: process.env,
  // Few commands read it, and only to look at it takes time.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
};

const run: Run = async (command, work) => {
  const { Context } = await import('./context.ts');
  const context = new Context(host, command.optsWithGlobals());
  // Once: who presses Ctrl-C again does not want to wait for anything.
  process.once('SIGINT', () => context.terminal.interrupt());
  try {
    await work(context);
  } catch (error) {
    const { explain, explanationText } = await import('./explain.ts');
    const explanation = explain(context.signal.aborted ? context.signal.reason : error);
    const { exitCode, ...document } = explanation;
    process.exitCode = exitCode;
    context.terminal.failure({ error: document }, () => [
      { style: 'red', text: 'iam-mfa:' },
      ` ${explanationText(explanation)}`,
    ]);
  } finally {
    context.terminal.close();
  }
};

/** Whoever reads the output may have seen enough; a full disk has not got it all. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  host.stderr.write(`iam-mfa: The output cannot be written: ${error.message}\n`);
  process.exit(exitCodes.refused);
}

async function main(): Promise<void> {
  host.stdout.on('error', outputFailed);
  // There is nowhere left to say so.
  host.stderr.on('error', () => undefined);
  const program = buildProgram(run, host);
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    process.exitCode = exitCodes.usage;
    const message = error.code === 'commander.help' ? 'There is no command.' : error.message;
    const document = { error: { code: 'usage', message: message.replace(/^error: /, '') } };
    if (program.opts()['output'] === 'json') host.stderr.write(`${harmlessJson(document)}\n`);
  }
}

await main();
