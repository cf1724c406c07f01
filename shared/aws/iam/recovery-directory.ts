import {
  AttachUserPolicyCommand,
  DeactivateMFADeviceCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { env } from '../../config/deployment.ts';
import { isProblem, Problem } from '../../contract/problem.ts';
import { ownPath } from '../../devices/device-id.ts';
import type { RecoveryDirectory } from '../../recoveries/execution/ports.ts';
import type { Recovery } from '../../recoveries/recovery.ts';
import { readActive, readTags, readUnassigned, readUser } from './iam-reads.ts';
import { deletionScope, revocationScope, userScope } from './recovery-scope.ts';
import { type CredentialScope, callScoped, type ScopedClients } from './scoped-clients.ts';

/** The inline policy that denies everything to sessions from before a theft was dealt with. */
const revocationPolicyName = 'mfa-self-service-revoke';

/** One user and his devices in IAM, reached with credentials of the recovery role that can touch nobody else. */
export function recoveryDirectory(
  user: Pick<Recovery, 'userName' | 'userArn'>,
  signal: AbortSignal,
): RecoveryDirectory {
  const scope = userScope(user);
  const UserName = user.userName;
  const ownDevices = `${user.userArn.replace(/:user\/.*$/, '')}:mfa${ownPath(UserName)}`;
  const hold = { UserName, PolicyArn: env().ENROLMENT_HOLD_ARN };
  const options = { abortSignal: signal };
  const callAs = <T>(credentials: CredentialScope, use: (clients: ScopedClients) => Promise<T>): Promise<T> =>
    callScoped(credentials, signal, use);
  const call = <T>(use: (clients: ScopedClients) => Promise<T>): Promise<T> => callAs(scope, use);

  return {
    getUser: () => call(({ iam }) => readUser(iam, UserName, options)).catch(asUserNotFound),

    listActive: () => call(({ iam }) => readActive(iam, UserName, options)),

    listUnassigned: (prefix) => call(({ iam }) => readUnassigned(iam, prefix, options)),

    listTags: (SerialNumber) => call(({ iam }) => readTags(iam, SerialNumber, options)),

    deactivate: (SerialNumber) =>
      call(async ({ iam }) => {
        await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }), options);
      }),

    remove: (SerialNumber) =>
      callAs(SerialNumber.startsWith(ownDevices) ? scope : deletionScope(SerialNumber), async ({ iam }) => {
        await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }), options);
      }),

    attachHold: () => withinQuota(call(({ iam }) => iam.send(new AttachUserPolicyCommand(hold), options))),

    detachHold: () => unlessGone(call(({ iam }) => iam.send(new DetachUserPolicyCommand(hold), options))),

    denyOldSessions: (before) =>
      withinQuota(
        callAs(revocationScope(user), ({ iam }) =>
          iam.send(
            new PutUserPolicyCommand({
              UserName,
              PolicyName: revocationPolicyName,
              PolicyDocument: denyingSessionsBefore(before),
            }),
            options,
          ),
        ),
      ),

    allowOldSessions: () =>
      unlessGone(
        callAs(revocationScope(user), ({ iam }) =>
          iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: revocationPolicyName }), options),
        ),
      ),
  };
}

/** Long-term keys have no time of issue: they are not denied anything. Source: IAM user guide, revoking sessions. */
const denyingSessionsBefore = (before: Date): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Sid: 'RevokeOlderSessions',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': before.toISOString().replace(/\.\d+Z$/, 'Z') } },
    },
  });

/** IAM has one code for everything that is not there. */
function asUserNotFound(error: unknown): never {
  if (!isProblem(error, 'device-not-found')) throw error;
  throw new Problem('user-not-found', 'There is no IAM user of this name in the account.', error.extras, {
    cause: error,
  });
}

/** And one for every quota; here it can only be that of the user's policies. */
async function withinQuota(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (isProblem(error, 'device-limit')) return false;
    throw error;
  }
}

async function unlessGone(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isProblem(error, 'device-not-found')) throw error;
  });
}
