import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import { stsSettings } from '../../shared/config/sts.ts';
import type { DeviceContext, DeviceListContext } from '../../shared/devices/devices.ts';
import type { MeContext } from '../../shared/devices/me.ts';
import type { Call } from '../../shared/http/endpoint.ts';
import { cursorsOf } from './cursors.ts';

/** @param serialNumbers the devices that the request addresses; none for all under the caller's own path */
export const deviceContext = (call: Call, ...serialNumbers: readonly string[]): DeviceContext => ({
  caller: call.caller,
  directory: mfaDirectory(call, ...serialNumbers),
});

export const deviceListContext = (call: Call): DeviceListContext => ({
  ...deviceContext(call),
  cursors: cursorsOf(call, call.caller.userId),
});

export const meContext = (call: Call): MeContext => ({
  ...deviceContext(call),
  stsEndpoint: stsSettings().STS_ENDPOINT,
  stepUpMaxAge: deploymentSettings().STEP_UP_MAX_AGE,
});
