import { recoveryDirectory } from '../../shared/aws/iam/recovery-directory.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import type { Run } from '../../shared/lambda/background.ts';
import type { ExecutionPorts } from '../../shared/recoveries/execution/ports.ts';
import { subjectLeaseOf } from './lease.ts';

export const executionPorts = ({ signal }: Run): ExecutionPorts => ({
  store: recoveryStore({ signal }),
  leaseOf: subjectLeaseOf,
  directoryOf: recoveryDirectory,
});
