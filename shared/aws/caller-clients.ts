import { IAMClient } from '@aws-sdk/client-iam';
import type { Caller } from '../caller.ts';
import { clock } from '../clock.ts';
import type { Operation } from '../contract/operation.ts';
import { clientSettings } from './client.ts';
import { observedClient } from './observe.ts';
import { retryOnlyThrottling } from './retry.ts';
import { sessionPolicy } from './session-policy.ts';
import { assumeDeviceRole, type RoleCredentials } from './sts.ts';

/** IAM clients that can do no more than one operation for one caller. */
export interface CallerClients {
  readonly iam: IAMClient;
  /** For calls that carry codes. */
  readonly iamForCodes: () => IAMClient;
}

/** For whom, for what and for which devices credentials are. */
export interface ClientScope {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly serialNumbers: readonly string[];
}

interface Entry {
  readonly clients: Promise<CallerClients>;
  /** Milliseconds since the epoch; infinite until the credentials have come. */
  expiresAt: number;
}

/** Milliseconds before their end at which credentials are no longer used. */
const safetyMargin = 60_000;
const maximumEntries = 500;

const cache = new Map<string, Entry>();

/** The connections that all clients share. */
let requestHandler: IAMClient['config']['requestHandler'] | undefined;

/**
 * Clients with the device role's credentials for one caller, operation and the devices that the request addresses.
 * Simultaneous requests share one AssumeRole, later ones its credentials until shortly before they expire.
 */
export function callerClients(scope: ClientScope): Promise<CallerClients> {
  const key = keyOf(scope);
  const cached = cache.get(key);
  if (cached && clock.now() < cached.expiresAt - safetyMargin) return cached.clients;
  return open(key, scope);
}

/** Drops the credentials, so that the next request assumes the role anew. */
export function forgetCallerClients(scope: ClientScope): void {
  cache.delete(keyOf(scope));
}

/** All that the session policy is made of, and whose it is. No part holds a line break. */
const keyOf = ({ operation, caller, serialNumbers }: ClientScope): string =>
  [caller.userId, caller.userArn, operation.name, ...serialNumbers].join('\n');

function open(key: string, { operation, caller, serialNumbers }: ClientScope): Promise<CallerClients> {
  const credentials = assumeDeviceRole(caller, sessionPolicy(operation, caller, serialNumbers));
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

function clientsFor({ accessKeyId, secretAccessKey, sessionToken }: RoleCredentials): CallerClients {
  // Without their expiration: the SDK would judge it by its own clock.
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const iam = observedClient(
    new IAMClient({ ...clientSettings, ...(requestHandler && { requestHandler }), credentials }),
  );
  requestHandler ??= iam.config.requestHandler;
  const shared = { requestHandler, credentials };
  const iamForCodes = () =>
    observedClient(
      new IAMClient({ ...shared, retryStrategy: retryOnlyThrottling(clientSettings.maxAttempts) }),
    );
  return { iam, iamForCodes };
}
