#!/usr/bin/env node
import { CommanderError } from 'commander';
import type { Run } from './command.ts';
import { exitCodes } from './failure.ts';
import type { Host } from './host.ts';
import { buildProgram } from './program.ts';

// biome-ignore lint/style/noProcessEnv: the only place that reads the environment
const host: Host = { env: process.env, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };

const run: Run = async (options, work) => {
  const { Context } = await import('./context.ts');
  const context = new Context(host, options);
  // Once: who presses Ctrl-C again does not want to wait for anything.
  process.once('SIGINT', () => context.terminal.interrupt());
  try {
    await work(context);
  } catch (error) {
    const { explain, explanationText } = await import('./explain.ts');
    const explanation = explain(context.signal.aborted ? context.signal.reason : error);
    const { exitCode, ...document } = explanation;
    process.exitCode = exitCode;
    context.terminal.show(
      context.terminal.json
        ? JSON.stringify({ error: document })
        : `${context.terminal.style('red', 'iam-mfa:')} ${explanationText(explanation)}`,
    );
  } finally {
    context.terminal.close();
  }
};

async function main(): Promise<void> {
  // Whoever reads the output may have seen enough.
  host.stdout.on('error', () => process.exit(exitCodes.done));
  try {
    await buildProgram(run, host).parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
}

await main();
