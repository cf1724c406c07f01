import { heldUsers } from '../../shared/aws/iam/enrolment-hold.ts';
import { recoveryDirectory } from '../../shared/aws/iam/recovery-directory.ts';
import { listGuards } from '../../shared/aws/table/guard-list.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import type { Run } from '../../shared/lambda/background.ts';
import type { ReconcilePorts } from '../../shared/recoveries/execution/reconcile-ports.ts';
import { subjectLeaseOf } from './lease.ts';

export const reconcilePorts = ({ signal }: Run): ReconcilePorts => ({
  store: recoveryStore({ signal }),
  leaseOf: subjectLeaseOf,
  directoryOf: recoveryDirectory,
  listHeld: () => heldUsers(signal),
  listGuards: () => listGuards(signal),
});
