#!/usr/bin/env node
import { exitCodes } from './failure.ts';
import type { Host } from './host.ts';
import { runCommand } from './run-command.ts';

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
  // Once: who presses Ctrl-C again does not want to wait for anything.
  onInterrupt: (interrupted) => void process.once('SIGINT', interrupted),
};

/** Whoever reads the output may have seen enough; a full disk has not got it all. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  stderr.write(`iam-mfa: The output cannot be written: ${error.message}\n`);
  process.exit(exitCodes.refused);
}

stdout.on('error', outputFailed);
// There is nowhere left to say so.
stderr.on('error', () => undefined);
process.exitCode = await runCommand(process.argv.slice(2), host);
