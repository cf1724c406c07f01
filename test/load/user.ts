import { selfServicePolicyArn } from '../soak/staff.ts';
import type { SigningKeys } from '../support/sign.ts';
import type { Target } from './target.ts';

/** A user who lives for the length of a client's round. */
export interface User {
  readonly name: string;
  readonly keys: SigningKeys;
}

let count = 0;

export async function createUser(target: Target): Promise<User> {
  count += 1;
  const name = `load${count}`;
  const UserName = name;
  const tag = { 'Tags.member.1.Key': 'email', 'Tags.member.1.Value': `${name}@example.com` };
  await target.iam('CreateUser', { UserName, ...tag });
  await target.iam('AttachUserPolicy', { UserName, PolicyArn: selfServicePolicyArn });
  const xml = await target.iam('CreateAccessKey', { UserName });
  const textOf = (element: string) => new RegExp(`<${element}>([^<]+)<`).exec(xml)?.[1] ?? '';
  return { name, keys: { accessKeyId: textOf('AccessKeyId'), secretAccessKey: textOf('SecretAccessKey') } };
}

/** Removes the user with all that is theirs, as accounts have room for 5,000. */
export async function removeUser(target: Target, { name, keys }: User): Promise<void> {
  const UserName = name;
  const listed = async (action: string, element: string) => {
    const xml = await target.iam(action, { UserName });
    return [...xml.matchAll(new RegExp(`<${element}>([^<]+)<`, 'g'))].map(([, text = '']) => text);
  };
  for (const SerialNumber of await listed('ListMFADevices', 'SerialNumber')) {
    await target.iam('DeactivateMFADevice', { UserName, SerialNumber });
    if (SerialNumber.startsWith('arn:')) await target.iam('DeleteVirtualMFADevice', { SerialNumber });
  }
  for (const PolicyArn of await listed('ListAttachedUserPolicies', 'PolicyArn')) {
    await target.iam('DetachUserPolicy', { UserName, PolicyArn });
  }
  for (const PolicyName of await listed('ListUserPolicies', 'member')) {
    await target.iam('DeleteUserPolicy', { UserName, PolicyName });
  }
  await target.iam('DeleteAccessKey', { UserName, AccessKeyId: keys.accessKeyId });
  await target.iam('DeleteUser', { UserName });
}
