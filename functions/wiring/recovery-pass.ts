import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import type { PrincipalCall } from '../../shared/http/endpoint.ts';
import type { PassContext } from '../../shared/recoveries/issue-pass.ts';
import { subjectLeaseOf } from './lease.ts';
import { userOf } from './users.ts';

export const passContext = (call: PrincipalCall): PassContext => ({
  store: recoveryStore(call),
  directoryOf: (userName) => userOf(call, userName),
  leaseOf: (userId) => subjectLeaseOf(userId, call.remainingMillis, call.signal),
});
