import type { Credentials } from '../../../typescript/src/index.ts';
import { exitCodes, Failure } from '../failure.ts';
import { type AccountCredentials, accountIn, credentialsOf } from './credentials-of.ts';
import { callSts, type StsTarget } from './sts.ts';

export interface RoleRequest extends StsTarget {
  readonly roleArn: string;
  readonly code?: string | undefined;
  readonly mfaSerial?: string | undefined;
}

/** Assumes a role at STS, by the settings of a profile. */
export async function assumeRole(request: RoleRequest, keys: Credentials): Promise<AccountCredentials> {
  const { roleArn, setting, code, mfaSerial } = request;
  const answer = await callSts(request, keys, {
    Action: 'AssumeRole',
    RoleArn: roleArn,
    RoleSessionName: setting('role_session_name') ?? 'iam-mfa',
    ...optional('ExternalId', setting('external_id')),
    ...optional('DurationSeconds', setting('duration_seconds')),
    ...optional('SerialNumber', mfaSerial),
    ...optional('TokenCode', code),
  });
  const { ok, status, member } = answer;
  const [id, secret, token] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map(member);
  if (ok && id && secret && token) return credentialsOf(id, secret, { token, accountId: accountIn(roleArn) });
  const reason = member('Message')?.trim() ?? `STS answered ${status}.`;
  const bare = keys.sessionToken === undefined && code === undefined;
  const hint =
    bare && member('Code') === 'AccessDenied'
      ? '\nIf the role demands MFA, get a session first: see "iam-mfa session --help".'
      : '';
  throw new Failure(
    exitCodes.refused,
    member('Code') ?? 'sts',
    `You cannot assume ${roleArn}: ${reason}${hint}`,
  );
}

const optional = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };
