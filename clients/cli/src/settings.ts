import { join } from 'node:path';
import { readSections } from './aws/profiles.ts';
import { usageFailure } from './failure.ts';
import { configFolder, type Environment } from './host.ts';

/** The API to talk to. */
export interface ApiSettings {
  readonly url: string;
  readonly region: string | undefined;
}

export interface ApiOptions {
  readonly api?: string | undefined;
  readonly region?: string | undefined;
}

const configFile = (env: Environment): string => join(configFolder(env), 'config');

/**
 * Takes the API's URL from the options, the environment or the configuration file, where a section for the profile
 * takes precedence over `[default]`.
 */
export async function apiSettings(
  options: ApiOptions,
  profile: string | undefined,
  env: Environment,
): Promise<ApiSettings> {
  const given = options.api || env['IAM_MFA_API_URL'];
  if (given) return { url: given, region: options.region };
  const file = configFile(env);
  const sections = await readSections(file);
  const section = [`profile ${profile}`, 'default'].map((name) => sections.get(name));
  const setting = (key: string) => section.map((settings) => settings?.get(key)).find(Boolean);
  const url = setting('api');
  if (url !== undefined) return { url, region: options.region ?? setting('region') };
  throw usageFailure(
    'No API given. Set its URL with --api or IAM_MFA_API_URL, or in ' +
      `${file}:\n\n  [default]\n  api = https://example.execute-api.eu-central-1.amazonaws.com/prod`,
  );
}
