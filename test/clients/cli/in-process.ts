import { globalAgent } from 'node:http';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Environment, Host } from '../../../clients/cli/src/host.ts';
import { runCommand } from '../../../clients/cli/src/run-command.ts';
import { outputOf } from '../../support/output.ts';
import { TerminalScreen } from './terminal-screen.ts';

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command like `main.ts`, but in this process and without a terminal. */
export async function runInProcess(
  args: readonly string[],
  env: Environment,
  input: string,
): Promise<Finished> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const output = outputOf(streams);
  streams.stdin.end(input);
  const exitCode = await exitOf(args, { env, ...streams });
  return { exitCode, stdout: output.out, stderr: output.err };
}

/** The same with a simulated terminal. Ctrl-C only reaches prompts. */
export function openInProcess(args: readonly string[], env: Environment, columns: number): TerminalScreen {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns });
  const exitCode = exitOf(args, { env, stdin, stdout: screen, stderr: screen });
  return new TerminalScreen({ keyboard: stdin, screen, exitCode });
}

/** Writing after a command has ended is a stream error: a process would still be running. */
async function exitOf(args: readonly string[], streams: Omit<Host, 'onInterrupt'>): Promise<number> {
  const { stdout, stderr } = streams;
  const shown = [...new Set([stdout, stderr])];
  try {
    return await runCommand(args, { ...streams, onInterrupt: () => undefined });
  } finally {
    // As a process does when it ends.
    globalAgent.destroy();
    for (const stream of shown) stream.end();
    await Promise.all(shown.map((stream) => finished(stream)));
  }
}
