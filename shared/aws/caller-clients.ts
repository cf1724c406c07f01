import { IAMClient } from '@aws-sdk/client-iam';
import type { Caller } from '../caller.ts';
import { clock } from '../clock.ts';
import { clientSettings } from './client.ts';
import { observedClient } from './observe.ts';
import { retryOnlyThrottling } from './retry.ts';
import { assumeDeviceRole, type RoleCredentials } from './sts.ts';

/** IAM clients that can do no more than one operation for one caller. */
export interface CallerClients {
  readonly iam: IAMClient;
  /** For calls that carry codes. */
  readonly iamForCodes: () => IAMClient;
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
 * Clients with the device role's credentials for one caller under one session policy. Simultaneous requests share
 * one AssumeRole, later ones its credentials until shortly before they expire.
 */
export function callerClients(caller: Caller, policy: string): Promise<CallerClients> {
  const key = `${caller.userId} ${policy}`;
  const cached = cache.get(key);
  if (cached && clock.now() < cached.expiresAt - safetyMargin) return cached.clients;
  return open(key, caller, policy);
}

/** Drops the credentials, so that the next request assumes the role anew. */
export function forgetCallerClients(caller: Caller, policy: string): void {
  cache.delete(`${caller.userId} ${policy}`);
}

function open(key: string, caller: Caller, policy: string): Promise<CallerClients> {
  const credentials = assumeDeviceRole(caller, policy);
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
