import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { StaffAudience } from '../policies/managed-policies.ts';
import { Client } from './client.ts';
import {
  arnOf,
  federatedUserOf,
  keysOf,
  regionOf,
  type Sts,
  sessionOf,
  shortestSession,
} from './credentials.ts';
import type { Options } from './options.ts';
import { once } from './requests.ts';
import type { Keys } from './sign.ts';
import type { Me, Perhaps, Subject } from './subject.ts';

/** Seconds beyond a session's age or end, since clocks differ. */
const margin = 10;

/** Obtains what a run needs. Throws if the user is not who the run needs. `pause` waits for milliseconds. */
export async function subjectOf(
  given: Options,
  { client, region }: Api,
  pause: Subject['pause'] = sleep,
): Promise<Subject> {
  const longTerm = await longTermKeys(given, region);
  const me = await whoIs(client, longTerm);
  const sts = { endpoint: me.stsEndpoint, region };
  const began = Date.now();
  const withoutMfa = await sessionOf(longTerm, sts);
  const steppedUp = await steppedUpKeys(given, longTerm, sts, me);
  const stale = given.wait
    ? waitedFor({ began, me, withoutMfa, steppedUp, pause })
    : givenSessions(given, client, region);
  return {
    ...{ client, region, me, longTerm, withoutMfa, steppedUp },
    operations: await loadOperations(),
    ...stale,
    federated: await federatedUserOf(longTerm, sts),
    staff: await staffKeys(given, sts),
    origins: given.origin,
    smoke: given.smoke,
    pause,
  };
}

export interface Api {
  readonly client: Client;
  readonly region: string;
}

export async function apiOf(given: Options): Promise<Api> {
  const region = given.region ?? regionIn(given.url) ?? (await regionOf(given.profile));
  return { client: new Client(new URL(given.url), region), region };
}

async function longTermKeys({ profile }: Options, region: string): Promise<Keys> {
  const keys = await keysOf(profile, region);
  if (keys.sessionToken === undefined) return keys;
  throw new Error(
    "The keys from --profile or the environment belong to a session; give a user's long-term keys.",
  );
}

async function steppedUpKeys(
  { 'session-profile': profile, serial, code, wait }: Options,
  longTerm: Keys,
  sts: Sts,
  { stepUpMaxAgeSeconds }: Me,
): Promise<Keys> {
  if (serial !== undefined && code !== undefined) {
    // A session that is waited for must outlast the age at which its MFA is old.
    return sessionOf(
      longTerm,
      sts,
      { serial, code },
      wait ? stepUpMaxAgeSeconds + shortestSession : undefined,
    );
  }
  return sessionIn(profile, sts.region, '--session-profile');
}

async function sessionIn(profile: string | undefined, region: string, option: string): Promise<Keys> {
  const keys = await keysOf(profile, region);
  if (keys.sessionToken !== undefined) return keys;
  throw new Error(`The keys of ${option} do not belong to a session.`);
}

const neither = { missing: 'give --old-session-profile or --wait' };

/** Whether the session given as old is old, or has even expired, is seen from what `GET /v1/me` answers. */
function givenSessions(
  { 'old-session-profile': profile }: Options,
  client: Client,
  region: string,
): Pick<Subject, 'old' | 'expired'> {
  const session = once(async (): Promise<Perhaps<Keys> & { readonly code?: string }> => {
    if (profile === undefined) return neither;
    const keys = await sessionIn(profile, region, '--old-session-profile');
    return { keys, code: (await client.send({ method: 'GET', path: '/v1/me' }, keys)).code };
  });
  return {
    old: async () => {
      const { code, ...given } = await session();
      return code === 'session-expired'
        ? { missing: 'the session of --old-session-profile has expired' }
        : given;
    },
    expired: async () => {
      const { code, ...given } = await session();
      return 'missing' in given || code === 'session-expired'
        ? given
        : { missing: 'no session at hand has expired' };
    },
  };
}

/** The sessions of the run itself, once they are stale. */
function waitedFor({
  began,
  me,
  withoutMfa,
  steppedUp,
  pause,
}: Pick<Subject, 'me' | 'withoutMfa' | 'steppedUp' | 'pause'> & { readonly began: number }): Pick<
  Subject,
  'old' | 'expired'
> {
  const after = (seconds: number, keys: Keys) =>
    once(async () => {
      await pause(began + (seconds + margin) * 1000 - Date.now());
      return { keys };
    });
  return {
    old: after(me.stepUpMaxAgeSeconds, steppedUp),
    expired: after(shortestSession, withoutMfa),
  };
}

async function staffKeys(given: Options, sts: Sts): Promise<Subject['staff']> {
  const profiles: readonly (readonly [
    StaffAudience,
    'agent-profile' | 'approver-profile' | 'auditor-profile',
  ])[] = [
    ['recovery-agent', 'agent-profile'],
    ['recovery-approver', 'approver-profile'],
    ['auditor', 'auditor-profile'],
  ];
  const staff: Partial<Record<StaffAudience, Keys>> = {};
  for (const [audience, option] of profiles) {
    const profile = given[option];
    if (profile === undefined) continue;
    const keys = await keysOf(profile, sts.region);
    const arn = await arnOf(keys, sts);
    if (!arn.includes(':assumed-role/'))
      throw new Error(`--${option} is ${arn}; give the session of a role.`);
    staff[audience] = keys;
  }
  return staff;
}

const answerOfMe = z.object({
  userName: z.string(),
  userArn: z.string(),
  stsEndpoint: z.url(),
  stepUpMaxAgeSeconds: z.int(),
});

async function whoIs(client: Client, keys: Keys): Promise<Me> {
  const answer = await client.send({ method: 'GET', path: '/v1/me' }, keys);
  if (answer.status !== 200) throw new Error(`GET /v1/me: ${answer.status} ${answer.text}`);
  return answerOfMe.parse(JSON.parse(answer.text));
}

/** The Region in a host name such as `id.execute-api.eu-west-1.amazonaws.com`. */
function regionIn(url: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(new URL(url).hostname)?.[1];
}
