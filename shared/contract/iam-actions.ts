/**
 * What each IAM action is authorised on: the user, a device, or everything. An `own-device` is below the product's
 * path; a `device` may also have been created elsewhere.
 * Source: IAM's service authorization reference.
 */
export const iamActions = {
  'iam:CreateVirtualMFADevice': 'own-device',
  'iam:DeactivateMFADevice': 'user',
  'iam:DeleteVirtualMFADevice': 'device',
  'iam:DetachUserPolicy': 'user',
  'iam:EnableMFADevice': 'user',
  'iam:GenerateCredentialReport': 'everything',
  'iam:GetCredentialReport': 'everything',
  'iam:GetUser': 'user',
  'iam:ListMFADeviceTags': 'device',
  'iam:ListMFADevices': 'user',
  'iam:ListVirtualMFADevices': 'everything',
  'iam:ResyncMFADevice': 'user',
  'iam:TagMFADevice': 'device',
  'iam:UntagMFADevice': 'device',
} as const;

export type IamAction = keyof typeof iamActions;

export type IamResource = (typeof iamActions)[IamAction];
