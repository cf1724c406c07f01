import { usageFailure } from '../failure.ts';
import type { Environment } from '../host.ts';
import { type AccountCredentials, credentialsOf } from './credentials-of.ts';
import { loadProfiles, type Profile, type Profiles } from './profiles.ts';

export interface CredentialSearch {
  readonly env: Environment;
  /** `--profile`; takes precedence over the environment, as in the AWS CLI. */
  readonly profile: string | undefined;
  /** For roles that require MFA. */
  askForCode(serialNumber: string): Promise<string>;
}

/** Looks for credentials where the AWS CLI does. Throws a failure with a remedy if it finds none it can use. */
export async function findCredentials(search: CredentialSearch): Promise<AccountCredentials> {
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

/** Where `findCredentials` finds them, for messages. */
export const whereFound = ({ env, profile }: Pick<CredentialSearch, 'env' | 'profile'>): string =>
  profile === undefined && env['AWS_ACCESS_KEY_ID']
    ? 'the environment'
    : `profile "${profile ?? profileInUse(env) ?? 'default'}"`;

/** The profile named by the environment. */
export const profileInUse = (env: Environment): string | undefined =>
  env['AWS_DEFAULT_PROFILE'] || env['AWS_PROFILE'] || undefined;

function environmentCredentials(env: Environment): AccountCredentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  if (!accessKeyId) return undefined;
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!secretAccessKey) throw usageFailure('AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.');
  return credentialsOf(accessKeyId, secretAccessKey, {
    token: env['AWS_SECURITY_TOKEN'] || env['AWS_SESSION_TOKEN'],
    accountId: env['AWS_ACCOUNT_ID'],
  });
}

/** A web identity in the environment takes precedence over any profile without a role. */
function refuseWebIdentity(env: Environment, name: string, profiles: Profiles): void {
  if (!env['AWS_WEB_IDENTITY_TOKEN_FILE'] || !env['AWS_ROLE_ARN']) return;
  if (profiles.has(name) && settingOf(profiles.get(name), 'role_arn') !== undefined) return;
  throw usageFailure(
    'AWS_WEB_IDENTITY_TOKEN_FILE names a web identity, which this command does not support. Choose a profile with ' +
      '--profile, or export a session: eval "$(aws configure export-credentials --format env)".',
  );
}

interface Visit extends CredentialSearch {
  readonly profiles: Profiles;
  /** Profiles that led here by `source_profile`. */
  readonly visited: readonly string[];
}

/** The credentials file goes before the other. */
export const settingOf = ({ credentials, config }: Profile, key: string): string | undefined =>
  credentials.get(key) ?? config.get(key);

const hasKeys = (profile: Profile): boolean =>
  ['aws_access_key_id', 'aws_secret_access_key'].some((key) => settingOf(profile, key) !== undefined);

/** In the same order as the AWS CLI. */
async function profileCredentials(profile: Profile, visit: Visit): Promise<AccountCredentials> {
  const { name, config } = profile;
  const roleArn = settingOf(profile, 'role_arn');
  // In a source profile, keys take precedence over a role.
  const source = visit.visited.length > 0 && hasKeys(profile);
  if (roleArn !== undefined && !source) return roleCredentials(profile, roleArn, visit);
  if (['sso_account_id', 'sso_role_name'].some((key) => settingOf(profile, key) !== undefined))
    throw sso(name);
  const keys = keysIn(profile.credentials, profile);
  if (keys !== undefined) return keys;
  const command = settingOf(profile, 'credential_process');
  if (command !== undefined) {
    const { processCredentials } = await import('./credential-process.ts');
    const given = await processCredentials(command, name, visit.env);
    const accountId = given.accountId ?? settingOf(profile, 'aws_account_id');
    return { ...given, ...(accountId && { accountId }) };
  }
  const configured = keysIn(config, profile);
  if (configured !== undefined) return configured;
  if ([...config.keys()].some((key) => key.startsWith('sso_'))) throw sso(name);
  if (config.has('login_session')) throw unsupported(name, 'a console login ("aws login")');
  throw usageFailure(`Profile "${name}" has no credentials. Run "aws configure --profile ${name}".`);
}

function keysIn(settings: ReadonlyMap<string, string>, profile: Profile): AccountCredentials | undefined {
  const accessKeyId = settings.get('aws_access_key_id');
  if (!accessKeyId) return undefined;
  const secretAccessKey = settings.get('aws_secret_access_key');
  if (!secretAccessKey)
    throw usageFailure(`Profile "${profile.name}" has an access key id but no secret access key.`);
  return credentialsOf(accessKeyId, secretAccessKey, {
    token: settings.get('aws_security_token') || settings.get('aws_session_token'),
    accountId: settingOf(profile, 'aws_account_id'),
  });
}

const sso = (name: string): Error =>
  usageFailure(
    `Profile "${name}" signs in with SSO, which yields role sessions: a role has no MFA devices and cannot call ` +
      'GetSessionToken. To manage your own devices, use the access key of your IAM user. For help desk, approver or ' +
      `auditor commands, run ${exported(name)}.`,
  );

async function roleCredentials(profile: Profile, roleArn: string, visit: Visit): Promise<AccountCredentials> {
  const { name } = profile;
  const setting = (key: string) => settingOf(profile, key);
  if (setting('web_identity_token_file') !== undefined) throw unsupported(name, 'a web identity');
  const source = setting('source_profile');
  if (source === undefined) throw unsupported(name, 'machine credentials (credential_source)');
  const visited = [...visit.visited, name];
  const own = source === name && hasKeys(profile);
  if (visited.includes(source) && !own) {
    throw usageFailure(`The source_profile of profile "${name}" leads back to itself.`);
  }
  const keys = await profileCredentials(visit.profiles.get(source), { ...visit, visited });
  const mfaSerial = setting('mfa_serial');
  const code = mfaSerial === undefined ? undefined : await visit.askForCode(mfaSerial);
  const { assumeRole } = await import('./assume-role.ts');
  return assumeRole({ roleArn, setting, env: visit.env, code, mfaSerial }, keys);
}

const exported = (name: string): string =>
  `eval "$(aws configure export-credentials --profile ${name} --format env)" and omit --profile`;

const unsupported = (name: string, what: string): Error =>
  usageFailure(`Profile "${name}" uses ${what}, which this command does not support. Run ${exported(name)}.`);

const noCredentials = (): Error =>
  usageFailure(
    'No credentials found. Run "aws configure", choose a profile with --profile or AWS_PROFILE, or set ' +
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  );
