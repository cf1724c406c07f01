import { IAMClient, ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { clock } from '../../lib/clock.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import { awsCall } from '../aws-call.ts';
import { clientSettings } from '../client.ts';
import { connectAtInit } from '../connect-at-init.ts';
import { instrumentedClient } from '../instrument.ts';
import { retryOnlyThrottling } from '../retry.ts';
import { type IamCall, iamCall } from './iam-call.ts';
import { assumeRole, type RoleCredentials } from './sts.ts';

/** Credentials of a role, restricted by a session policy. */
export interface CredentialScope {
  /** The cache key: covers whose credentials they are, and everything that goes into the policy. */
  readonly key: string;
  readonly roleArn: string;
  /** The source identity in CloudTrail. */
  readonly identity: string;
  readonly policy: () => string;
}

interface ScopedClients {
  readonly iam: IAMClient;
  /** For calls that must not be repeated blindly. */
  readonly iamOnce: () => IAMClient;
}

interface Entry {
  readonly clients: Promise<ScopedClients>;
  /** Milliseconds since the epoch; infinite until the credentials arrive. */
  expiresAt: number;
}

/** Milliseconds before their expiration from which credentials are no longer used. */
const safetyMargin = 60_000;
const maximumEntries = 500;

const cache = new Map<string, Entry>();

/** Shared by all clients, and with it their connections. */
let requestHandler: IAMClient['config']['requestHandler'] | undefined;

/** Most functions read two lists at a time. */
const simultaneousReads = 2;

connectAtInit(
  () => {
    const client = new IAMClient(clientSettings);
    requestHandler = client.config.requestHandler;
    return client;
  },
  ListMFADevicesCommand,
  simultaneousReads,
);

/** Calls IAM with credentials of the scope, until the signal aborts. */
export const scopedCall = (scope: CredentialScope, signal: AbortSignal): IamCall =>
  callWith(({ iam }) => iam, scope, signal);

/** The same for commands that are retried only if AWS throttled them: it must be known what each came to. */
export const scopedCallOnce = (scope: CredentialScope, signal: AbortSignal): IamCall =>
  callWith(({ iamOnce }) => iamOnce(), scope, signal);

/**
 * Simultaneous calls share one AssumeRole, and later calls its credentials, until shortly before these expire. If IAM
 * says that they have expired, the command is sent once more with new ones.
 */
const callWith =
  (clientOf: (clients: ScopedClients) => IAMClient, scope: CredentialScope, signal: AbortSignal): IamCall =>
  (command, meanings) => {
    const attempt = async (renewal?: typeof meanings) => {
      // A call of its own: the meanings are for errors of IAM, not of STS.
      const clients = await awsCall(() => untilAborted(scopedClients(scope), signal));
      return iamCall(clientOf(clients), signal)(command, { ...meanings, ...renewal });
    };
    const renewed = () => {
      cache.delete(scope.key);
      return attempt();
    };
    return attempt({ ExpiredToken: renewed });
  };

/** Gets the credentials of a scope that will be called soon, beside whatever comes first. A failure shows at the call. */
export function prepare(scope: CredentialScope): void {
  scopedClients(scope).catch(() => undefined);
}

function scopedClients(scope: CredentialScope): Promise<ScopedClients> {
  const cached = cache.get(scope.key);
  if (cached && clock.now() < cached.expiresAt - safetyMargin) return cached.clients;
  return open(scope);
}

function open({ key, roleArn, identity, policy }: CredentialScope): Promise<ScopedClients> {
  const credentials = assumeRole(roleArn, identity, { Policy: policy() });
  const entry: Entry = { clients: credentials.then(clientsFor), expiresAt: Number.POSITIVE_INFINITY };
  credentials.then(
    ({ expiration }) => {
      entry.expiresAt = expiration.getTime();
    },
    () => {
      if (cache.get(key) === entry) cache.delete(key);
    },
  );
  cache.delete(key);
  cache.set(key, entry);
  const [oldest] = cache.keys();
  if (cache.size > maximumEntries && oldest !== undefined) cache.delete(oldest);
  return entry.clients;
}

function clientsFor({ accessKeyId, secretAccessKey, sessionToken }: RoleCredentials): ScopedClients {
  // Without the expiration, which the SDK would judge by its own clock.
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const iam = instrumentedClient(
    new IAMClient({ ...clientSettings, ...(requestHandler && { requestHandler }), credentials }),
  );
  requestHandler ??= iam.config.requestHandler;
  const shared = { requestHandler, credentials };
  const iamOnce = () =>
    instrumentedClient(
      new IAMClient({ ...shared, retryStrategy: retryOnlyThrottling(clientSettings.maxAttempts) }),
    );
  return { iam, iamOnce };
}
