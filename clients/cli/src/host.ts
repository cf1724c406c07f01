import { homedir } from 'node:os';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process that a command runs in. */
export interface Host {
  readonly env: Environment;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export const homeOf = (env: Environment): string => env['HOME'] || homedir();

/** `~/.config/iam-mfa`, or where the XDG base directories put it. */
export const configFolder = (env: Environment): string =>
  join(env['XDG_CONFIG_HOME'] || join(homeOf(env), '.config'), 'iam-mfa');

/** `~/.cache/iam-mfa`, or where the XDG base directories put it. */
export const cacheFolder = (env: Environment): string =>
  join(env['XDG_CACHE_HOME'] || join(homeOf(env), '.cache'), 'iam-mfa');
