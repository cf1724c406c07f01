import type { Credentials } from '../../../typescript/src/index.ts';
import { usageFailure } from '../failure.ts';
import type { Environment } from '../host.ts';
import { credentialsOf } from './credentials-of.ts';
import { loadProfiles, type Profile, type Profiles } from './profiles.ts';

export interface CredentialSearch {
  readonly env: Environment;
  /** `--profile`; it goes before the environment, as with the AWS CLI. */
  readonly profile: string | undefined;
  /** Asks for a code, for roles that want MFA. */
  askForCode(serialNumber: string): Promise<string>;
}

/** Finds credentials where the AWS CLI does. Throws a failure that says what to do where there are none of use. */
export async function findCredentials(search: CredentialSearch): Promise<Credentials> {
  const { env, profile } = search;
  if (profile === undefined) {
    const own = environmentCredentials(env);
    if (own !== undefined) return own;
  }
  const profiles = await loadProfiles(env);
  const name = profile ?? profileInUse(env);
  if (profile === undefined) refuseWebIdentity(env, name ?? 'default', profiles);
  if (name === undefined && !profiles.has('default')) throw noCredentials();
  return profileCredentials(profiles.get(name ?? 'default'), { ...search, profiles, visited: [] });
}

/** The profile that the environment names. */
export const profileInUse = (env: Environment): string | undefined =>
  env['AWS_DEFAULT_PROFILE'] || env['AWS_PROFILE'] || undefined;

function environmentCredentials(env: Environment): Credentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  if (!accessKeyId) return undefined;
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!secretAccessKey) throw usageFailure('AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.');
  return credentialsOf(accessKeyId, secretAccessKey, env['AWS_SECURITY_TOKEN'] || env['AWS_SESSION_TOKEN']);
}

/** A web identity of the environment goes before a profile, but for one with a role. */
function refuseWebIdentity(env: Environment, name: string, profiles: Profiles): void {
  if (!env['AWS_WEB_IDENTITY_TOKEN_FILE'] || !env['AWS_ROLE_ARN']) return;
  if (profiles.has(name) && settingOf(profiles.get(name), 'role_arn') !== undefined) return;
  throw usageFailure(
    'AWS_WEB_IDENTITY_TOKEN_FILE names a web identity, which this command does not use. Name a profile with --profile, ' +
      'or put a session into the environment: eval "$(aws configure export-credentials --format env)".',
  );
}

interface Visit extends CredentialSearch {
  readonly profiles: Profiles;
  /** Profiles that led here by `source_profile`. */
  readonly visited: readonly string[];
}

/** The credentials file goes before the other. */
const settingOf = ({ credentials, config }: Profile, key: string): string | undefined =>
  credentials.get(key) ?? config.get(key);

const hasKeys = (profile: Profile): boolean =>
  ['aws_access_key_id', 'aws_secret_access_key'].some((key) => settingOf(profile, key) !== undefined);

/** In the AWS CLI's order. */
async function profileCredentials(profile: Profile, visit: Visit): Promise<Credentials> {
  const { name, config } = profile;
  const roleArn = settingOf(profile, 'role_arn');
  // Below a role, keys go before another role.
  const source = visit.visited.length > 0 && hasKeys(profile);
  if (roleArn !== undefined && !source) return roleCredentials(profile, roleArn, visit);
  if (['sso_account_id', 'sso_role_name'].some((key) => settingOf(profile, key) !== undefined))
    throw sso(name);
  const keys = keysIn(profile.credentials, name);
  if (keys !== undefined) return keys;
  const command = settingOf(profile, 'credential_process');
  if (command !== undefined) {
    const { processCredentials } = await import('./credential-process.ts');
    return processCredentials(command, name, visit.env);
  }
  const configured = keysIn(config, name);
  if (configured !== undefined) return configured;
  if ([...config.keys()].some((key) => key.startsWith('sso_'))) throw sso(name);
  if (config.has('login_session')) throw unsupported(name, 'a login with the console ("aws login")');
  throw usageFailure(`The profile "${name}" has no credentials. Run "aws configure --profile ${name}".`);
}

function keysIn(settings: ReadonlyMap<string, string>, name: string): Credentials | undefined {
  const accessKeyId = settings.get('aws_access_key_id');
  if (!accessKeyId) return undefined;
  const secretAccessKey = settings.get('aws_secret_access_key');
  if (!secretAccessKey) throw usageFailure(`The profile "${name}" has an access key id, but no secret.`);
  return credentialsOf(
    accessKeyId,
    secretAccessKey,
    settings.get('aws_security_token') || settings.get('aws_session_token'),
  );
}

const sso = (name: string): Error =>
  usageFailure(
    `The profile "${name}" signs in with SSO. That gives sessions of a role, which has no MFA devices, and STS ` +
      'has no GetSessionToken for it. To look after your own devices use the access key of your IAM user. For what ' +
      `staff do: ${exported(name)}.`,
  );

async function roleCredentials(profile: Profile, roleArn: string, visit: Visit): Promise<Credentials> {
  const { name } = profile;
  const setting = (key: string) => settingOf(profile, key);
  if (setting('web_identity_token_file') !== undefined) throw unsupported(name, 'a web identity');
  const source = setting('source_profile');
  if (source === undefined) throw unsupported(name, 'credentials of a machine (credential_source)');
  const visited = [...visit.visited, name];
  const own = source === name && hasKeys(profile);
  if (visited.includes(source) && !own) {
    throw usageFailure(`The profile "${name}" leads back to itself by source_profile.`);
  }
  const keys = await profileCredentials(visit.profiles.get(source), { ...visit, visited });
  const mfaSerial = setting('mfa_serial');
  const code = mfaSerial === undefined ? undefined : await visit.askForCode(mfaSerial);
  const { assumeRole } = await import('./assume-role.ts');
  return assumeRole({ roleArn, setting, env: visit.env, code, mfaSerial }, keys);
}

const exported = (name: string): string =>
  `eval "$(aws configure export-credentials --profile ${name} --format env)", and leave --profile out`;

const unsupported = (name: string, what: string): Error =>
  usageFailure(`The profile "${name}" uses ${what}, which this command does not. Run ${exported(name)}.`);

const noCredentials = (): Error =>
  usageFailure(
    'There are no credentials. Run "aws configure", name a profile with --profile or AWS_PROFILE, or set ' +
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  );
