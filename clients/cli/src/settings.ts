import { join } from 'node:path';
import { settingOf } from './aws/credentials.ts';
import { loadProfiles, readSections } from './aws/profiles.ts';
import { usageFailure } from './failure.ts';
import { configFolder, type Environment } from './host.ts';

/** The API to talk to. */
export interface ApiSettings {
  readonly url: string;
  readonly region: string | undefined;
  /** Where the URL was found, for messages. */
  readonly from: string;
}

export interface ApiOptions {
  readonly api?: string | undefined;
  readonly region?: string | undefined;
}

/** Settings of this command in a profile of the AWS CLI's files, which skips what it does not know. */
const keys = { url: 'iam_mfa_api_url', region: 'iam_mfa_region' } as const;

const configFile = (env: Environment): string => join(configFolder(env), 'config');

/**
 * Takes the API's URL from the options, the environment, the AWS CLI's profile in use, or the configuration file, where
 * a section for the profile takes precedence over `[default]`.
 */
export async function apiSettings(
  options: ApiOptions,
  profile: string | undefined,
  env: Environment,
): Promise<ApiSettings> {
  if (options.api) return { url: options.api, region: options.region, from: '--api' };
  const variable = env['IAM_MFA_API_URL'];
  if (variable) return { url: variable, region: options.region, from: 'IAM_MFA_API_URL' };
  const found = (await inProfile(profile ?? 'default', env)) ?? (await inConfigFile(profile, env));
  if (found !== undefined) return { ...found, region: options.region ?? found.region };
  throw usageFailure(
    `No API given. Set its URL with --api or IAM_MFA_API_URL, as ${keys.url} of your profile in ~/.aws/config, or in ` +
      `${configFile(env)}:\n\n  [default]\n  api = https://example.execute-api.eu-central-1.amazonaws.com/prod`,
  );
}

async function inProfile(name: string, env: Environment): Promise<ApiSettings | undefined> {
  const profiles = await loadProfiles(env);
  if (!profiles.has(name)) return undefined;
  const profile = profiles.get(name);
  const url = settingOf(profile, keys.url);
  const region = settingOf(profile, keys.region) || undefined;
  return url ? { url, region, from: `${keys.url} of profile "${name}"` } : undefined;
}

async function inConfigFile(profile: string | undefined, env: Environment): Promise<ApiSettings | undefined> {
  const file = configFile(env);
  const sections = await readSections(file);
  const section = [`profile ${profile}`, 'default'].map((name) => sections.get(name));
  const setting = (key: string) => section.map((settings) => settings?.get(key)).find(Boolean);
  const url = setting('api');
  return url === undefined ? undefined : { url, region: setting('region'), from: file };
}
