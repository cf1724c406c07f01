import { AwsError, limitExceeded, noSuchEntity } from './aws-error.ts';
import { newAccessKeyId, newSecretAccessKey, uniqueId } from './ids.ts';
import type { Tag } from './tags.ts';

/** An IAM user; plain data, for snapshots. Times are milliseconds. */
export interface User {
  readonly userName: string;
  readonly path: string;
  readonly userId: string;
  readonly arn: string;
  readonly createdAt: number;
  tags: readonly Tag[];
  inlinePolicies: readonly InlinePolicy[];
  /** ARNs. */
  attachedPolicies: readonly string[];
  accessKeys: readonly AccessKey[];
}

export interface InlinePolicy {
  readonly name: string;
  /** As submitted. */
  readonly document: string;
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly createdAt: number;
}

const accessKeysPerUser = 2;
export const usersPerAccount = 5000;

/** The account's users, by name (case-insensitive), id and access key. */
export class Users {
  readonly #accountId: string;
  readonly #byName = new Map<string, User>();
  readonly #byId = new Map<string, User>();
  readonly #byAccessKeyId = new Map<string, { readonly user: User; readonly key: AccessKey }>();

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  get size(): number {
    return this.#byName.size;
  }

  create({ userName, path, tags, now }: Pick<User, 'userName' | 'path' | 'tags'> & { now: number }): User {
    if (this.#byName.has(userName.toLowerCase())) {
      throw new AwsError('EntityAlreadyExists', `User with name ${userName} already exists.`);
    }
    if (this.size >= usersPerAccount) throw limitExceeded('UsersPerAccount', usersPerAccount);
    const user: User = {
      userName,
      path,
      userId: uniqueId('AIDA'),
      arn: this.arnOf(path, userName),
      createdAt: now,
      tags,
      inlinePolicies: [],
      attachedPolicies: [],
      accessKeys: [],
    };
    this.#index(user);
    return user;
  }

  arnOf(path: string, userName: string): string {
    return `arn:aws:iam::${this.#accountId}:user${path}${userName}`;
  }

  find(userName: string): User | undefined {
    return this.#byName.get(userName.toLowerCase());
  }

  /** Throws NoSuchEntity. */
  get(userName: string): User {
    const user = this.find(userName);
    if (user === undefined) throw noSuchEntity(`The user with name ${userName} cannot be found.`);
    return user;
  }

  withId(userId: string): User | undefined {
    return this.#byId.get(userId);
  }

  withAccessKey(accessKeyId: string): { readonly user: User; readonly key: AccessKey } | undefined {
    return this.#byAccessKeyId.get(accessKeyId);
  }

  /** Sorted by name. */
  list(): readonly User[] {
    return [...this.#byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, user]) => user);
  }

  delete(user: User): void {
    this.#byName.delete(user.userName.toLowerCase());
    this.#byId.delete(user.userId);
  }

  /** @param fixed id and secret of a seeded key; random by default */
  addAccessKey(user: User, now: number, fixed?: Omit<AccessKey, 'createdAt'>): AccessKey {
    if (user.accessKeys.length >= accessKeysPerUser)
      throw limitExceeded('AccessKeysPerUser', accessKeysPerUser);
    const generated = fixed ?? { accessKeyId: newAccessKeyId('AKIA'), secretAccessKey: newSecretAccessKey() };
    const key = { ...generated, createdAt: now };
    user.accessKeys = [...user.accessKeys, key];
    this.#byAccessKeyId.set(key.accessKeyId, { user, key });
    return key;
  }

  deleteAccessKey(user: User, accessKeyId: string): void {
    const remaining = user.accessKeys.filter((key) => key.accessKeyId !== accessKeyId);
    if (remaining.length === user.accessKeys.length) {
      throw noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);
    }
    user.accessKeys = remaining;
    this.#byAccessKeyId.delete(accessKeyId);
  }

  restore(users: readonly User[]): void {
    this.#byName.clear();
    this.#byId.clear();
    this.#byAccessKeyId.clear();
    for (const user of users) this.#index(structuredClone(user));
  }

  #index(user: User): void {
    this.#byName.set(user.userName.toLowerCase(), user);
    this.#byId.set(user.userId, user);
    for (const key of user.accessKeys) this.#byAccessKeyId.set(key.accessKeyId, { user, key });
  }
}
