import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What answers are read from; perhaps a terminal. */
export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** What is written to; perhaps a terminal, which has a width. */
export type Output = Writable & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};

/** The process that a command runs in. */
export interface Host {
  readonly env: Environment;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Calls back at the first Ctrl-C that no question takes. */
  onInterrupt(interrupted: () => void): void;
}

export const homeOf = (env: Environment): string => env['HOME'] || homedir();

/** `~/.config/iam-mfa`, or where the XDG base directories put it. */
export const configFolder = (env: Environment): string =>
  join(env['XDG_CONFIG_HOME'] || join(homeOf(env), '.config'), 'iam-mfa');

/** `~/.cache/iam-mfa`, or where the XDG base directories put it. */
export const cacheFolder = (env: Environment): string =>
  join(env['XDG_CACHE_HOME'] || join(homeOf(env), '.cache'), 'iam-mfa');
