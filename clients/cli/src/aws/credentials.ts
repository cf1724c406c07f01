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
  if (name === undefined && !profiles.has('default')) throw noCredentials();
  return profileCredentials(profiles.get(name ?? 'default'), { ...search, profiles, visited: [] });
}

/** The profile that the environment names. */
export const profileInUse = (env: Environment): string | undefined =>
  env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || undefined;

function environmentCredentials(env: Environment): Credentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  if (!accessKeyId) return undefined;
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!secretAccessKey) throw usageFailure('AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.');
  return credentialsOf(accessKeyId, secretAccessKey, env['AWS_SESSION_TOKEN'] || env['AWS_SECURITY_TOKEN']);
}

interface Visit extends CredentialSearch {
  readonly profiles: Profiles;
  /** Profiles that led here by `source_profile`. */
  readonly visited: readonly string[];
}

/** In the AWS CLI's order. */
async function profileCredentials(profile: Profile, visit: Visit): Promise<Credentials> {
  const { name, config } = profile;
  const roleArn = config.get('role_arn') ?? profile.credentials.get('role_arn');
  // Below a role of its own, a profile may be its own source: with its keys then.
  if (roleArn !== undefined && !visit.visited.includes(name)) return roleCredentials(profile, roleArn, visit);
  refuseSso(profile);
  const keys = keysIn(profile.credentials, name);
  if (keys !== undefined) return keys;
  const command = config.get('credential_process') ?? profile.credentials.get('credential_process');
  if (command !== undefined) {
    const { processCredentials } = await import('./credential-process.ts');
    return processCredentials(command, name, visit.env);
  }
  const configured = keysIn(config, name);
  if (configured !== undefined) return configured;
  if (config.has('login_session')) throw unsupported(name, 'a login with the console ("aws login")');
  throw usageFailure(`The profile "${name}" has no credentials. Run "aws configure --profile ${name}".`);
}

function keysIn(settings: ReadonlyMap<string, string>, name: string): Credentials | undefined {
  const accessKeyId = settings.get('aws_access_key_id');
  if (!accessKeyId) return undefined;
  const secretAccessKey = settings.get('aws_secret_access_key');
  if (!secretAccessKey) throw usageFailure(`The profile "${name}" has an access key id, but no secret.`);
  return credentialsOf(accessKeyId, secretAccessKey, settings.get('aws_session_token'));
}

function refuseSso({ name, config }: Profile): void {
  if (![...config.keys()].some((key) => key.startsWith('sso_'))) return;
  throw usageFailure(
    `The profile "${name}" signs in with SSO. That gives sessions of a role, which has no MFA devices, and STS ` +
      'has no GetSessionToken for it. To look after your own devices use the access key of your IAM user. For what ' +
      `staff do: ${exported(name)}.`,
  );
}

async function roleCredentials(profile: Profile, roleArn: string, visit: Visit): Promise<Credentials> {
  const { name, config } = profile;
  const setting = (key: string) => config.get(key) ?? profile.credentials.get(key);
  if (setting('web_identity_token_file') !== undefined) throw unsupported(name, 'a web identity');
  const source = setting('source_profile');
  if (source === undefined) throw unsupported(name, 'credentials of a machine (credential_source)');
  if (source !== name && visit.visited.includes(source)) {
    throw usageFailure(`The profile "${name}" leads back to itself by source_profile.`);
  }
  const visited = [...visit.visited, name];
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
