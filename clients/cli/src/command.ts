import type { Command } from 'commander';
import type { Context } from './context.ts';

/** Runs a command. Its modules are loaded only then, which keeps help and completion fast. */
export type Run = (command: Command, work: (context: Context) => Promise<void>) => Promise<void>;

/** Examples for a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ iam-mfa ${line}`).join('\n')}`;
