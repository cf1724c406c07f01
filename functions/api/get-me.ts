import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { env } from '../../shared/config/deployment.ts';
import { getMe } from '../../shared/contract/operations/get-me.ts';
import { describeMe } from '../../shared/devices/me.ts';
import { endpoint } from '../../shared/http/endpoint.ts';

export const handler = endpoint(getMe, (_input, call) =>
  describeMe(call.caller, mfaDirectory(call), {
    stsEndpoint: env().STS_ENDPOINT,
    stepUpMaxAge: env().STEP_UP_MAX_AGE,
  }),
);
