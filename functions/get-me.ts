import { mfaDirectory } from '../shared/aws/mfa-directory.ts';
import { getMe } from '../shared/contract/operations/get-me.ts';
import { env } from '../shared/env.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { describeMe } from '../shared/mfa/me.ts';

export const handler = endpoint(getMe, (_input, call) =>
  describeMe(call.caller, mfaDirectory(call), {
    stsEndpoint: env().STS_ENDPOINT,
    stepUpMaxAge: env().STEP_UP_MAX_AGE,
  }),
);
