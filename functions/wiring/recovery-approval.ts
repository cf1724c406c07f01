import { executionStarter } from '../../shared/aws/execution-starter.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import type { AnonymousCall } from '../../shared/http/endpoint.ts';
import type { ApprovalContext } from '../../shared/recoveries/decide.ts';
import { subjectLeaseOf } from './lease.ts';

export const approvalContext = (call: AnonymousCall): ApprovalContext => ({
  store: recoveryStore(call),
  starter: executionStarter(call),
  leaseOf: (userId) => subjectLeaseOf(userId, call.remainingMillis, call.signal),
});
