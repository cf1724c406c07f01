import type { Operation } from '../contract/operation.ts';
import { env } from '../env.ts';
import type { RequestContext } from '../recovery/requesting.ts';
import { recoveryEnv } from '../recovery-env.ts';
import { ticketingSystems } from '../ticketing/config.ts';
import { guards } from './guards.ts';
import { recoveryStore } from './recovery-store.ts';
import { requestCounter } from './request-counter.ts';
import { userDirectory } from './user-directory.ts';

interface Call {
  readonly operation: Operation;
  readonly signal: AbortSignal;
}

/**
 * What a request for a recovery works with: AWS, and the settings of the deployment.
 * @param identity who asks, as CloudTrail shows him
 */
export function requestContext(call: Call, identity: string, userName: string): RequestContext {
  const { RECOVERY_APPROVALS, RECOVERY_EXPIRES_AFTER, RECOVERY_DAILY_LIMIT } = recoveryEnv();
  return {
    store: recoveryStore(call),
    counter: requestCounter(call),
    guards: guards(call),
    directory: userDirectory({ ...call, identity }, userName),
    settings: {
      approvals: RECOVERY_APPROVALS,
      expiresAfter: RECOVERY_EXPIRES_AFTER,
      dailyLimit: RECOVERY_DAILY_LIMIT,
      webhookSystems: ticketingSystems(),
      passForFirstDevice: env().FIRST_DEVICE === 'pass',
    },
  };
}
