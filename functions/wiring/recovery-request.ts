import { userDirectory } from '../../shared/aws/iam/user-directory.ts';
import { guards } from '../../shared/aws/table/guards.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { requestCounter } from '../../shared/aws/table/request-counter.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import { recoverySettings } from '../../shared/config/recoveries.ts';
import { ticketingSettings } from '../../shared/config/ticketing.ts';
import type { AnonymousCall } from '../../shared/http/endpoint.ts';
import type { RequestContext } from '../../shared/recoveries/request.ts';

/** @param identity the requester, as CloudTrail shows them */
export function requestContext(call: AnonymousCall, identity: string, userName: string): RequestContext {
  const { RECOVERY_APPROVALS, RECOVERY_EXPIRES_AFTER, RECOVERY_DAILY_LIMIT } = recoverySettings();
  return {
    store: recoveryStore(call),
    counter: requestCounter(call),
    guards: guards(call),
    directory: userDirectory({ ...call, identity }, userName),
    settings: {
      approvals: RECOVERY_APPROVALS,
      expiresAfter: RECOVERY_EXPIRES_AFTER,
      dailyLimit: RECOVERY_DAILY_LIMIT,
      webhookSystems: ticketingSettings().TICKETING.map(({ name }) => name),
      passForFirstDevice: deploymentSettings().FIRST_DEVICE === 'pass',
    },
  };
}
