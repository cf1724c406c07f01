import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The source of answers; may be a terminal. */
export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** An output stream; may be a terminal, which has a width. */
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
  /** Called on the first Ctrl-C outside a prompt. */
  onInterrupt(interrupted: () => void): void;
}

export const homeOf = (env: Environment): string => env['HOME'] || homedir();

/** `~/.config/iam-mfa`, or its place in the XDG base directories. */
export const configFolder = (env: Environment): string =>
  join(env['XDG_CONFIG_HOME'] || join(homeOf(env), '.config'), 'iam-mfa');

/** `~/.cache/iam-mfa`, or its place in the XDG base directories. */
export const cacheFolder = (env: Environment): string =>
  join(env['XDG_CACHE_HOME'] || join(homeOf(env), '.cache'), 'iam-mfa');
