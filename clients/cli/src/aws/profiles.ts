import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageFailure } from '../failure.ts';
import { type Environment, homeOf } from '../host.ts';
import { parseIni, type Sections } from './ini.ts';

/** A profile's settings in the credentials file and in the config file. */
export interface Profile {
  readonly name: string;
  readonly credentials: ReadonlyMap<string, string>;
  readonly config: ReadonlyMap<string, string>;
}

export interface Profiles {
  /** Throws a failure that names the files if there is no such profile. */
  get(name: string): Profile;
  has(name: string): boolean;
}

const none: ReadonlyMap<string, string> = new Map();

/** Where the AWS CLI keeps its profiles. */
function profileFiles(env: Environment): { readonly credentials: string; readonly config: string } {
  const home = homeOf(env);
  const expand = (path: string) => path.replace(/^~(?=$|\/)/, home);
  return {
    credentials: expand(env['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials')),
    config: expand(env['AWS_CONFIG_FILE'] || join(home, '.aws', 'config')),
  };
}

export async function loadProfiles(env: Environment): Promise<Profiles> {
  const files = profileFiles(env);
  const [credentials, config] = await Promise.all([
    readSections(files.credentials),
    readSections(files.config),
  ]);
  const configOf = (name: string) =>
    config.get(`profile ${name}`) ?? (name === 'default' ? config.get('default') : undefined);
  const has = (name: string) => credentials.has(name) || configOf(name) !== undefined;
  return {
    has,
    get: (name) => {
      if (has(name)) {
        return { name, credentials: credentials.get(name) ?? none, config: configOf(name) ?? none };
      }
      throw usageFailure(
        `There is no profile "${name}" in ${files.credentials} or ${files.config}. ` +
          `Create it with "aws configure --profile ${name}", or choose another with --profile.`,
      );
    },
  };
}

/** A missing file has no sections. */
export async function readSections(path: string): Promise<Sections> {
  try {
    return parseIni(await readFile(path, 'utf8'));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return new Map();
    throw usageFailure(
      `Could not read ${path}: ${error instanceof Error ? error.message : 'no reason given'}`,
    );
  }
}

export const isErrno = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
