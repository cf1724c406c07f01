import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { sessionRelay } from '../../shared/aws/session-relay.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { env } from '../../shared/config/deployment.ts';
import { createSession } from '../../shared/contract/operations/create-session.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { obtainSession } from '../../shared/sessions/obtain-session.ts';

export const handler = endpoint(createSession, ({ body }, call) =>
  obtainSession(body.presignedUrl, {
    caller: call.caller,
    directory: mfaDirectory(call),
    relay: sessionRelay(call.signal),
    budget: codeBudget(call),
    endpoints: [env().STS_ENDPOINT, ...env().STS_OTHER_ENDPOINTS],
  }),
);
