#!/usr/bin/env node
import { exitCodes } from './failure.ts';
import type { Host } from './host.ts';
import { runCommand } from './run-command.ts';

const { stdout, stderr } = process;
const host: Host = {
  // biome-ignore lint/style/noProcessEnv: the only place that reads the environment
  env: process.env,
  // Few commands read it, and merely accessing it takes time.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  // Once: a second Ctrl-C ends the process immediately.
  onInterrupt: (interrupted) => void process.once('SIGINT', interrupted),
};

/** A reader that closes the pipe has seen enough; any other error, such as a full disk, loses output. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  stderr.write(`iam-mfa: Could not write the output: ${error.message}\n`);
  process.exit(exitCodes.refused);
}

stdout.on('error', outputFailed);
// There is nowhere left to report it.
stderr.on('error', () => undefined);
process.exitCode = await runCommand(process.argv.slice(2), host);
