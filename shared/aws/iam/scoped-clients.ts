import { IAMClient } from '@aws-sdk/client-iam';
import { clock } from '../../lib/clock.ts';
import { untilAborted } from '../../lib/until-aborted.ts';
import { awsCall } from '../aws-call.ts';
import { clientSettings } from '../client.ts';
import { instrumentedClient } from '../instrument.ts';
import { retryOnlyThrottling } from '../retry.ts';
import { type IamCall, iamCall } from './iam-call.ts';
import { assumeRole, type RoleCredentials } from './sts.ts';

/** Credentials of a role that can do no more than a session policy says. */
export interface CredentialScope {
  /** Tells them from all others of this function: whose they are, and all that the policy is made of. */
  readonly key: string;
  readonly roleArn: string;
  /** Who CloudTrail says is behind them. */
  readonly identity: string;
  readonly policy: () => string;
}

/** IAM clients with such credentials. */
interface ScopedClients {
  readonly iam: IAMClient;
  /** For calls that carry codes. */
  readonly iamForCodes: () => IAMClient;
}

interface Entry {
  readonly clients: Promise<ScopedClients>;
  /** Milliseconds since the epoch; infinite until the credentials have come. */
  expiresAt: number;
}

/** Milliseconds before their end at which credentials are no longer used. */
const safetyMargin = 60_000;
const maximumEntries = 500;

const cache = new Map<string, Entry>();

/** The connections that all clients share. */
let requestHandler: IAMClient['config']['requestHandler'] | undefined;

/** Calls of IAM with credentials of the scope, until the signal ends them. */
export const scopedCall = (scope: CredentialScope, signal: AbortSignal): IamCall =>
  callWith(({ iam }) => iam, scope, signal);

/** The same for commands that carry codes: they are sent again only where they were throttled. */
export const scopedCallWithCodes = (scope: CredentialScope, signal: AbortSignal): IamCall =>
  callWith(({ iamForCodes }) => iamForCodes(), scope, signal);

/**
 * Simultaneous calls share one AssumeRole, later ones its credentials until shortly before they expire; where IAM finds
 * that they have, the command is sent once more with new ones.
 */
const callWith =
  (clientOf: (clients: ScopedClients) => IAMClient, scope: CredentialScope, signal: AbortSignal): IamCall =>
  (command, meanings) => {
    const attempt = async (renewal?: typeof meanings) => {
      // Apart, since the meanings are for what IAM answers, not STS.
      const clients = await awsCall(() => untilAborted(scopedClients(scope), signal));
      return iamCall(clientOf(clients), signal)(command, { ...meanings, ...renewal });
    };
    const renewed = () => {
      cache.delete(scope.key);
      return attempt();
    };
    return attempt({ ExpiredToken: renewed });
  };

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
  // Without their expiration: the SDK would judge it by its own clock.
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const iam = instrumentedClient(
    new IAMClient({ ...clientSettings, ...(requestHandler && { requestHandler }), credentials }),
  );
  requestHandler ??= iam.config.requestHandler;
  const shared = { requestHandler, credentials };
  const iamForCodes = () =>
    instrumentedClient(
      new IAMClient({ ...shared, retryStrategy: retryOnlyThrottling(clientSettings.maxAttempts) }),
    );
  return { iam, iamForCodes };
}
