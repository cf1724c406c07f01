import { mfaDirectory } from '../../shared/aws/iam/mfa-directory.ts';
import { sessionRelay } from '../../shared/aws/session-relay.ts';
import { codeBudget } from '../../shared/aws/table/code-budget.ts';
import { stsSettings } from '../../shared/config/sts.ts';
import type { Call } from '../../shared/http/endpoint.ts';
import type { SessionContext } from '../../shared/sessions/obtain-session.ts';

export const sessionContext = (call: Call): SessionContext => ({
  caller: call.caller,
  directory: mfaDirectory(call),
  relay: sessionRelay(call.signal),
  budget: codeBudget(call),
  endpoints: [stsSettings().STS_ENDPOINT, ...stsSettings().STS_OTHER_ENDPOINTS],
});
