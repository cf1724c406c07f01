import { turns } from '../../../../shared/lib/turns.ts';
import { assumeRole } from '../aws/assume-role.ts';
import { findCredentials, profileInUse, settingOf } from '../aws/credentials.ts';
import type { AccountCredentials } from '../aws/credentials-of.ts';
import { loadProfiles } from '../aws/profiles.ts';
import { callSts, type StsTarget } from '../aws/sts.ts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { askForCode } from '../step-up-code.ts';
import type { ListedAccount } from './accounts-file.ts';

/** Finds credentials for an account. */
export type Auditor = (account: ListedAccount) => Promise<AccountCredentials>;

/** The caller, who gets into each account by its role or its profile. */
export async function auditorOf(context: Context, accounts: readonly ListedAccount[]): Promise<Auditor> {
  const inRole = accounts.some(({ roleArn }) => roleArn !== undefined) ? await roleTaker(context) : undefined;
  const { env, terminal } = context;
  // Profiles may ask for codes, so one at a time.
  const turn = turns(1);
  return (listed) =>
    inRole !== undefined && listed.roleArn !== undefined
      ? inRole(listed.roleArn, listed.externalId)
      : turn(() =>
          findCredentials({
            env,
            profile: listed.profile,
            askForCode: (serialNumber) => askForCode(terminal, serialNumber),
          }),
        );
}

/**
 * Assumes roles under the caller's own name: by that name a person is known in every account, and roles of staff are
 * open to no other.
 */
async function roleTaker(context: Context) {
  const keys = await context.credentials();
  const target = await stsOf(context);
  const name = await callerName(target, keys);
  return (roleArn: string, externalId: string | undefined) => {
    const own: Readonly<Record<string, string | undefined>> = {
      role_session_name: name,
      external_id: externalId,
      duration_seconds: undefined,
    };
    const setting = (key: string) => (key in own ? own[key] : target.setting(key));
    return assumeRole({ ...target, setting, roleArn }, keys);
  };
}

/** The STS that the caller's profile uses. */
async function stsOf({ env, options, signal }: Context): Promise<StsTarget> {
  const profiles = await loadProfiles(env);
  const name = options.profile ?? profileInUse(env) ?? 'default';
  const profile = profiles.has(name) ? profiles.get(name) : undefined;
  return { env, signal, setting: (key) => profile && settingOf(profile, key) };
}

/** The name of the caller's user, or of their role's session. */
async function callerName(target: StsTarget, keys: AccountCredentials): Promise<string> {
  const { ok, status, member } = await callSts(target, keys, { Action: 'GetCallerIdentity' });
  const name = member('Arn')?.split(/[:/]/).at(-1);
  if (ok && name) return name;
  const reason = member('Message')?.trim() ?? `STS answered ${status}.`;
  throw new Failure(exitCodes.refused, member('Code') ?? 'sts', `STS does not say who you are: ${reason}`);
}
