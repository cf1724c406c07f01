import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Account } from './aws/account.ts';
import type { Tag } from './aws/tags.ts';

/** The account and the table, without keys and seeds. */
export interface Inspection {
  readonly users: readonly {
    readonly userName: string;
    readonly userId: string;
    readonly attachedPolicies: readonly string[];
    readonly inlinePolicies: readonly { readonly name: string; readonly document: string }[];
  }[];
  readonly devices: readonly {
    readonly serialNumber: string;
    readonly kind: string;
    readonly tags: readonly Tag[];
    /** The UserId of the user for whom it is active. */
    readonly activeFor?: string;
    /** Milliseconds. */
    readonly enabledAt?: number;
  }[];
  readonly items: readonly Readonly<Record<string, AttributeValue>>[];
}

/** Shows the state of IAM and of the table. */
export async function inspect(
  account: Account,
  items: () => Promise<Inspection['items']>,
): Promise<Inspection> {
  const users = account.users.list().map(({ userName, userId, attachedPolicies, inlinePolicies }) => ({
    userName,
    userId,
    attachedPolicies: [...attachedPolicies],
    inlinePolicies: [...inlinePolicies],
  }));
  const devices = account.devices.all().map(({ serialNumber, kind, tags, owner }) => ({
    serialNumber,
    kind,
    tags: [...tags],
    ...(owner && { activeFor: owner.userId, enabledAt: owner.enabledAt }),
  }));
  return { users, devices, items: await items() };
}
