import type { LocalClock } from '../clock.ts';
import type { CredentialError, Credentials, PolicyDocument, Principal } from '../principal.ts';
import { noSuchEntity } from './aws-error.ts';
import type { CredentialReport } from './credential-report.ts';
import { type Device, Devices } from './devices.ts';
import { newAccessKeyId, newSecretAccessKey, uniqueId } from './ids.ts';
import { type Session, SessionSealer } from './sessions.ts';
import { type StsRow, StsView } from './sts-view.ts';
import { Trail } from './trail.ts';
import { type User, Users } from './users.ts';
import { Uses } from './uses.ts';

/** An IAM role; plain data, for snapshots. */
export interface Role {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly roleId: string;
  readonly trustPolicy: PolicyDocument;
  readonly policies: readonly PolicyDocument[];
  /** Seconds. */
  readonly maxSessionDuration: number;
}

export type NewRole = Pick<Role, 'name' | 'path' | 'trustPolicy' | 'policies'> &
  Partial<Pick<Role, 'maxSessionDuration'>>;

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly policyId: string;
  readonly document: PolicyDocument;
}

/** Temporary credentials, in the SDK's terms. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** By the local AWS's clock. */
  readonly expiration: Date;
}

/** The whole account as JSON. */
export interface AccountSnapshot {
  readonly sessionKey: string;
  readonly epoch: number;
  readonly users: readonly User[];
  readonly devices: readonly Device[];
  readonly sts: readonly (readonly [string, StsRow])[];
  readonly roles: readonly Role[];
  readonly managedPolicies: readonly ManagedPolicy[];
  readonly credentialReport: CredentialReport | null;
}

type UserState = Pick<AccountSnapshot, 'users' | 'devices' | 'sts' | 'credentialReport'>;

const defaultSessionDuration = 3600;

/** The in-memory AWS account: users, devices, roles, policies, and the sessions that it issues. */
export class Account implements Credentials {
  readonly clock: LocalClock;
  readonly accountId: string;
  readonly region: string;
  readonly reportMakingMs: number;
  readonly users: Users;
  readonly sts = new StsView();
  readonly devices: Devices;
  readonly roles = new Map<string, Role>();
  /** By ARN. */
  readonly managedPolicies = new Map<string, ManagedPolicy>();
  readonly trail = new Trail();
  readonly uses = new Uses();
  /** Service control policies beside `FullAWSAccess`: they deny what they name to every principal. */
  controlPolicies: readonly PolicyDocument[] = [];
  credentialReport: CredentialReport | undefined;
  #sealer = new SessionSealer();
  /** Counts resets, which end users' sessions but not those of roles. */
  #epoch = 0;
  #baseline: UserState;
  readonly #userPolicies = new Map<string, readonly PolicyDocument[]>();

  constructor({
    clock,
    accountId = '123456789012',
    region = 'us-east-1',
    reportMakingMs = 2000,
  }: {
    readonly clock: LocalClock;
    readonly accountId?: string;
    readonly region?: string;
    /** Milliseconds that IAM takes to generate a credential report. */
    readonly reportMakingMs?: number;
  }) {
    this.clock = clock;
    this.devices = new Devices(this.sts, clock.now);
    this.accountId = accountId;
    this.region = region;
    this.reportMakingMs = reportMakingMs;
    this.users = new Users(accountId);
    this.#baseline = this.#userState();
  }

  now(): number {
    return this.clock.now();
  }

  /** Makes the current users and devices the state that `reset` restores. */
  markBaseline(): void {
    this.#baseline = this.#userState();
  }

  /** Restores the seeded users and devices. Roles, managed policies and role sessions stay. */
  reset(): void {
    this.#restoreUserState(this.#baseline);
    this.#epoch += 1;
    this.trail.clear();
  }

  snapshot(): AccountSnapshot {
    return {
      ...this.#userState(),
      sessionKey: this.#sealer.exportKey(),
      epoch: this.#epoch,
      roles: [...this.roles.values()],
      managedPolicies: [...this.managedPolicies.values()],
    };
  }

  /**
   * Managed policies that already exist keep their documents, which may be newer. Nobody can create a role here: those
   * that there are keep all but their ids, and others are forgotten.
   */
  restore(snapshot: AccountSnapshot): void {
    this.#restoreUserState(snapshot);
    this.#sealer = new SessionSealer(Buffer.from(snapshot.sessionKey, 'base64'));
    this.#epoch = snapshot.epoch;
    for (const { name, roleId } of snapshot.roles) {
      const role = this.roles.get(name);
      if (role !== undefined) this.roles.set(name, { ...role, roleId });
    }
    for (const policy of snapshot.managedPolicies) {
      const { arn, policyId } = policy;
      this.managedPolicies.set(arn, { ...policy, ...this.managedPolicies.get(arn), policyId });
    }
  }

  /** Creates or replaces a role. A replaced role keeps its id and so its sessions. */
  putRole({ name, path, trustPolicy, policies, maxSessionDuration = defaultSessionDuration }: NewRole): Role {
    const arn = `arn:aws:iam::${this.accountId}:role${path}${name}`;
    const roleId = this.roles.get(name)?.roleId ?? uniqueId('AROA');
    const role: Role = { name, path, arn, roleId, trustPolicy, policies, maxSessionDuration };
    this.roles.set(name, role);
    return role;
  }

  /** Creates or replaces a customer-managed policy and returns its ARN. */
  putManagedPolicy({ name, path, document }: Pick<ManagedPolicy, 'name' | 'path' | 'document'>): string {
    const arn = `arn:aws:iam::${this.accountId}:policy${path}${name}`;
    const policyId = this.managedPolicies.get(arn)?.policyId ?? uniqueId('ANPA');
    this.managedPolicies.set(arn, { name, path, arn, policyId, document });
    this.policiesChanged();
    return arn;
  }

  /** Throws NoSuchEntity. */
  managedPolicy(arn: string): ManagedPolicy {
    const policy = this.managedPolicies.get(arn);
    if (policy === undefined) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    return policy;
  }

  /** Call this after every change to users' policies. */
  policiesChanged(): void {
    this.#userPolicies.clear();
  }

  /** As the Lambda service does for a function: returns its role's credentials without checking policies. */
  assumeRoleForService(
    roleName: string,
    sessionName: string,
    { durationSeconds }: { readonly durationSeconds: number },
  ): TemporaryCredentials {
    const role = this.roles.get(roleName);
    if (role === undefined) throw noSuchEntity(`The role with name ${roleName} cannot be found.`);
    const { roleId } = role;
    return this.issue({
      holder: { type: 'role', roleName, roleId, sessionName },
      durationSeconds,
      policies: [],
    });
  }

  /** Issues a federated user's session, which a reset ends. Without policies it may do nothing. */
  issueToFederatedUser(
    by: User,
    name: string,
    options: { readonly durationSeconds: number; readonly policies: readonly PolicyDocument[] },
  ): TemporaryCredentials {
    const { userId } = by;
    return this.issue({
      holder: { type: 'federated-user', userId, name, epoch: this.#epoch },
      ...options,
    });
  }

  /** Issues a user's session, which a reset ends. */
  issueToUser(
    user: User,
    options: { readonly durationSeconds: number; readonly mfaAt?: number },
  ): TemporaryCredentials {
    const holder = { type: 'user', userId: user.userId, epoch: this.#epoch } as const;
    return this.issue({ holder, policies: [], ...options });
  }

  issue({
    durationSeconds,
    ...session
  }: Pick<Session, 'holder' | 'mfaAt' | 'sourceIdentity' | 'origin' | 'policies'> & {
    readonly durationSeconds: number;
  }): TemporaryCredentials {
    const accessKeyId = newAccessKeyId('ASIA');
    const secretAccessKey = newSecretAccessKey();
    const issuedAt = this.now();
    const expiresAt = issuedAt + durationSeconds * 1000;
    const sessionToken = this.#sealer.seal({ ...session, accessKeyId, secretAccessKey, issuedAt, expiresAt });
    return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt) };
  }

  resolve(
    accessKeyId: string,
    sessionToken: string | undefined,
  ):
    | { readonly secretAccessKey: string; readonly principal: Principal }
    | { readonly error: CredentialError } {
    return sessionToken === undefined
      ? this.#resolveKey(accessKeyId)
      : this.#resolveSession(accessKeyId, sessionToken);
  }

  /** With the service control policies, which only deny: an explicit deny wins wherever it stands. */
  identityPoliciesOf(principal: Principal): readonly PolicyDocument[] {
    return [...this.#policiesOf(principal), ...this.controlPolicies];
  }

  #policiesOf(principal: Principal): readonly PolicyDocument[] {
    if (principal.type === 'root') return [];
    if (principal.type === 'assumed-role') return this.#roleOf(principal)?.policies ?? [];
    const user = this.users.withId(principal.federatedBy ?? principal.userId);
    if (user === undefined) return [];
    const known = this.#userPolicies.get(user.userId);
    if (known !== undefined) return known;
    const policies = [
      ...user.inlinePolicies.map(({ document }): PolicyDocument => JSON.parse(document)),
      ...user.attachedPolicies.map((arn) => this.managedPolicy(arn).document),
    ];
    this.#userPolicies.set(user.userId, policies);
    return policies;
  }

  #roleOf({ roleArn }: Principal): Role | undefined {
    const role = this.roles.get(roleArn?.slice(roleArn.lastIndexOf('/') + 1) ?? '');
    return role?.arn === roleArn ? role : undefined;
  }

  #resolveKey(accessKeyId: string) {
    const found = this.users.withAccessKey(accessKeyId);
    if (found === undefined) return { error: 'InvalidClientTokenId' } as const;
    const principal = this.#userPrincipal(found.user, accessKeyId);
    return { secretAccessKey: found.key.secretAccessKey, principal };
  }

  #resolveSession(accessKeyId: string, token: string) {
    const session = this.#sealer.open(token);
    const holder = session?.accessKeyId === accessKeyId ? this.#holderOf(session) : undefined;
    if (session === undefined || holder === undefined) return { error: 'InvalidClientTokenId' } as const;
    if (session.expiresAt <= this.now()) return { error: 'ExpiredToken' } as const;
    const { issuedAt, expiresAt, mfaAt, sourceIdentity, origin, policies } = session;
    const context = {
      issuedAt,
      expiresAt,
      policies,
      ...(mfaAt !== undefined && { mfaAt }),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
      ...(origin !== undefined && { origin }),
    };
    return { secretAccessKey: session.secretAccessKey, principal: { ...holder, session: context } };
  }

  #holderOf({ holder, accessKeyId }: Session): Principal | undefined {
    if (holder.type === 'user') {
      const user = holder.epoch === this.#epoch ? this.users.withId(holder.userId) : undefined;
      return user && this.#userPrincipal(user, accessKeyId);
    }
    if (holder.type === 'federated-user') {
      const by = holder.epoch === this.#epoch ? this.users.withId(holder.userId) : undefined;
      return by && this.#federatedPrincipal(by, holder.name, accessKeyId);
    }
    const role = this.roles.get(holder.roleName);
    if (role?.roleId !== holder.roleId) return undefined;
    return {
      type: 'assumed-role',
      accountId: this.accountId,
      arn: this.assumedRoleArn(role, holder.sessionName),
      userId: `${role.roleId}:${holder.sessionName}`,
      roleArn: role.arn,
      accessKeyId,
    };
  }

  assumedRoleArn(role: Role, sessionName: string): string {
    return `arn:aws:sts::${this.accountId}:assumed-role/${role.name}/${sessionName}`;
  }

  #federatedPrincipal({ userId }: User, name: string, accessKeyId: string): Principal {
    const { accountId } = this;
    const arn = this.federatedUserArn(name);
    const named = { arn, userId: `${accountId}:${name}`, federatedBy: userId };
    return { type: 'federated-user', accountId, ...named, accessKeyId };
  }

  federatedUserArn(name: string): string {
    return `arn:aws:sts::${this.accountId}:federated-user/${name}`;
  }

  #userPrincipal({ arn, userName, userId }: User, accessKeyId: string): Principal {
    return { type: 'user', accountId: this.accountId, arn, userName, userId, accessKeyId };
  }

  #userState(): UserState {
    return {
      users: structuredClone(this.users.list()),
      devices: this.devices.records(),
      sts: this.sts.rows(),
      credentialReport: this.credentialReport ?? null,
    };
  }

  #restoreUserState({ users, devices, sts, credentialReport }: UserState): void {
    this.users.restore(users);
    this.devices.restore(devices);
    this.sts.restore(sts);
    this.credentialReport = credentialReport ?? undefined;
    this.policiesChanged();
  }
}
