/**
 * On what each of IAM's actions is authorised that operations call: the user, the device, or nothing in particular. An
 * `own-device` is one below the product's path, a `device` may also have been created elsewhere.
 * Source: service authorization reference of IAM.
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
