import { recoveryRole } from '../../config/roles.ts';
import { ownPath } from '../../devices/device-id.ts';
import type { Recovery } from '../../recoveries/recovery.ts';
import type { CredentialScope } from './scoped-clients.ts';
import { literal } from './session-policy.ts';

/** How CloudTrail names who did it: nobody in person. */
const identity = 'mfa-recovery';

const userActions = [
  'iam:AttachUserPolicy',
  'iam:DeactivateMFADevice',
  'iam:DetachUserPolicy',
  'iam:ListMFADevices',
];

/**
 * The recovery role for one user: it changes nobody but the user of this very ARN, and no devices but those of his path. Only
 * looking goes by the name, to see that it is somebody else's by now.
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

/** The recovery role for nothing but the user's inline policies: only what revokes sessions has to do with them. */
export const revocationScope = ({ userArn }: Pick<Recovery, 'userArn'>): CredentialScope =>
  scope(`revocation ${userArn}`, [
    { Action: ['iam:DeleteUserPolicy', 'iam:PutUserPolicy'], Resource: [literal(userArn)] },
  ]);

/** The recovery role for nothing but the deletion of one device; several would not fit a session policy. */
export const deletionScope = (serialNumber: string): CredentialScope =>
  scope(`deletion ${serialNumber}`, [
    { Action: ['iam:DeleteVirtualMFADevice'], Resource: [literal(serialNumber)] },
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
