import type { Caller } from '../contract/caller.ts';
import { clock } from '../lib/clock.ts';
import { listDevices } from './devices.ts';
import type { MfaDirectory } from './ports.ts';

/** What a caller needs to know of himself and of the service before he does anything else. */
export interface Me {
  readonly userName: string;
  readonly userArn: string;
  readonly accountId: string;
  readonly mfa: { readonly active: number; readonly pending: number };
  readonly stsEndpoint: string;
  readonly serverTime: string;
  readonly stepUpMaxAgeSeconds: number;
}

export async function describeMe(
  caller: Caller,
  directory: MfaDirectory,
  settings: { readonly stsEndpoint: string; readonly stepUpMaxAge: number },
): Promise<Me> {
  const devices = await listDevices(caller, directory);
  const active = devices.filter(({ status }) => status === 'active').length;
  return {
    userName: caller.userName,
    userArn: caller.userArn,
    accountId: caller.accountId,
    mfa: { active, pending: devices.length - active },
    stsEndpoint: settings.stsEndpoint,
    serverTime: new Date(clock.now()).toISOString(),
    stepUpMaxAgeSeconds: settings.stepUpMaxAge,
  };
}
