import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { sessionRelay } from '../../shared/aws/session-relay.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import type { Call } from '../../shared/http/endpoint.ts';
import type { SessionContext } from '../../shared/sessions/obtain-session.ts';

export const sessionContext = (call: Call): SessionContext => ({
  caller: call.caller,
  directory: mfaDirectory(call),
  relay: sessionRelay(call.signal),
  budget: codeBudget(call),
  endpoints: [deploymentSettings().STS_ENDPOINT, ...deploymentSettings().STS_OTHER_ENDPOINTS],
});
