import type { Command } from 'commander';
import type { Context } from './context.ts';

/** Does the work of a command. What it needs is loaded only then, so that help and completion come at once. */
export type Run = (command: Command, work: (context: Context) => Promise<void>) => Promise<void>;

/** Adds examples to the help of a command. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ iam-mfa ${line}`).join('\n')}`;
