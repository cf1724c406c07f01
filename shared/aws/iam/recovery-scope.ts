import { enrolmentHoldPolicy, recoveryRole } from '../../config/roles.ts';
import { ownPath } from '../../devices/device-id.ts';
import type { Recovery } from '../../recoveries/recovery.ts';
import type { CredentialScope } from './scoped-clients.ts';
import { literal } from './session-policy.ts';

/** Source identity in CloudTrail, since no person acts here. */
const identity = 'mfa-recovery';

const userActions = [
  'iam:AttachUserPolicy',
  'iam:DeactivateMFADevice',
  'iam:DetachUserPolicy',
  'iam:ListMFADevices',
];

/**
 * The recovery role for one user: it can change only the user with this ARN, and only devices under their path. Only
 * reading goes by name, to notice if the name belongs to another user by now.
 */
export function userScope({ userName, userArn }: Pick<Recovery, 'userName' | 'userArn'>): CredentialScope {
  const account = userArn.replace(/:user\/.*$/, '');
  return scope(`user ${userArn}`, [
    { Action: ['iam:GetUser'], Resource: [`${account}:user/${userName}`, `${account}:user/*/${userName}`] },
    { Action: userActions, Resource: [literal(userArn)] },
    {
      Action: ['iam:DeleteVirtualMFADevice', 'iam:ListMFADeviceTags'],
      Resource: [`${account}:mfa${literal(ownPath(userName))}*`],
    },
    { Action: ['iam:ListVirtualMFADevices'], Resource: ['*'] },
  ]);
}

/** The recovery role for the user's inline policies alone, which only the revocation of sessions touches. */
export const revocationScope = ({ userArn }: Pick<Recovery, 'userArn'>): CredentialScope =>
  scope(`revocation ${userArn}`, [
    { Action: ['iam:DeleteUserPolicy', 'iam:PutUserPolicy'], Resource: [literal(userArn)] },
  ]);

/** The recovery role for the deletion of one device; several might not fit into a session policy. */
export const deletionScope = (serialNumber: string): CredentialScope =>
  scope(`deletion ${serialNumber}`, [
    { Action: ['iam:DeleteVirtualMFADevice'], Resource: [literal(serialNumber)] },
  ]);

/** The recovery role for seeing who has the hold. */
export const holdersScope = (): CredentialScope =>
  scope('holders', [
    { Action: ['iam:ListEntitiesForPolicy'], Resource: [enrolmentHoldPolicy().ENROLMENT_HOLD_ARN] },
  ]);

interface Allowed {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

const scope = (what: string, allowed: readonly Allowed[]): CredentialScope => ({
  key: `recovery\n${what}`,
  roleArn: recoveryRole().RECOVERY_ROLE_ARN,
  identity,
  policy: () =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: allowed.map((statement) => ({ Effect: 'Allow', ...statement })),
    }),
});
