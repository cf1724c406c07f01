import { DeleteUserPolicyCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { ownPath } from '../../devices/device-id.ts';
import type { RecoveryDirectory } from '../../recoveries/execution/ports.ts';
import type { Recovery } from '../../recoveries/recovery.ts';
import { attachHold, detachHold } from './enrolment-hold.ts';
import { readUser } from './iam-reads.ts';
import { deletionScope, revocationScope, userScope } from './recovery-scope.ts';
import { scopedCall } from './scoped-clients.ts';
import { removeDevice, userDevices } from './user-devices.ts';

/** The inline policy that denies everything to sessions from before a theft. */
const revocationPolicyName = 'mfa-self-service-revoke';

/** One user and their devices in IAM, reached with the recovery role, restricted to that user. */
export function recoveryDirectory(
  user: Pick<Recovery, 'userName' | 'userArn'>,
  signal: AbortSignal,
): RecoveryDirectory {
  const { userName } = user;
  const ownDevices = `${user.userArn.replace(/:user\/.*$/, '')}:mfa${ownPath(userName)}`;
  const call = scopedCall(userScope(user), signal);
  const policyCall = scopedCall(revocationScope(user), signal);
  const revocation = { UserName: userName, PolicyName: revocationPolicyName };

  return {
    ...userDevices(call, userName),

    getUser: () => readUser(call, userName),

    remove: (serialNumber) =>
      removeDevice(
        serialNumber.startsWith(ownDevices) ? call : scopedCall(deletionScope(serialNumber), signal),
        serialNumber,
      ),

    attachHold: () => attachHold(call, userName),

    detachHold: () => detachHold(call, userName),

    denyOldSessions: async (before) => {
      const command = new PutUserPolicyCommand({
        ...revocation,
        PolicyDocument: denyingSessionsBefore(before),
      });
      return (await policyCall(command, { LimitExceeded: () => undefined })) !== undefined;
    },

    allowOldSessions: async () => {
      await policyCall(new DeleteUserPolicyCommand(revocation), { NoSuchEntity: () => undefined });
    },
  };
}

/** Leaves long-term keys alone, which have no time of issue. Source: IAM user guide, revoking sessions. */
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
