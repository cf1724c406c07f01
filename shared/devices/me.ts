import { clock } from '../lib/clock.ts';
import { type DeviceContext, listDevices } from './devices.ts';

/** What callers need to know about themselves and the service before anything else. */
export interface Me {
  readonly userName: string;
  readonly userArn: string;
  readonly accountId: string;
  readonly mfa: { readonly active: number; readonly pending: number };
  readonly stsEndpoint: string;
  readonly serverTime: string;
  readonly stepUpMaxAgeSeconds: number;
}

export interface MeContext extends DeviceContext {
  readonly stsEndpoint: string;
  /** Seconds for which a session with MFA counts as recent. */
  readonly stepUpMaxAge: number;
}

export async function describeMe(context: MeContext): Promise<Me> {
  const { caller, stsEndpoint, stepUpMaxAge } = context;
  const devices = await listDevices(context);
  const active = devices.filter(({ status }) => status === 'active').length;
  return {
    userName: caller.userName,
    userArn: caller.userArn,
    accountId: caller.accountId,
    mfa: { active, pending: devices.length - active },
    stsEndpoint,
    serverTime: new Date(clock.now()).toISOString(),
    stepUpMaxAgeSeconds: stepUpMaxAge,
  };
}
