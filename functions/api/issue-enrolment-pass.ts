import { userDirectory } from '../../shared/aws/iam/user-directory.ts';
import { changeLease } from '../../shared/aws/table/change-lease.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { issueEnrolmentPass as contract } from '../../shared/contract/operations/issue-enrolment-pass.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { issueEnrolmentPass } from '../../shared/recoveries/issue-pass.ts';

export const handler = principalEndpoint(contract, ({ path }, { principal, ...call }) =>
  issueEnrolmentPass(path.recoveryId, principal.name, {
    store: recoveryStore(call),
    directoryOf: (userName) => userDirectory({ ...call, identity: principal.name }, userName),
    leaseOf: (userId) => changeLease({ ...call, caller: { userId } }),
  }),
);
