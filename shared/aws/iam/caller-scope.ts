import { deviceRole } from '../../config/roles.ts';
import type { Caller } from '../../contract/caller.ts';
import type { Operation } from '../../contract/operation.ts';
import type { CredentialScope } from './scoped-clients.ts';
import { sessionPolicy } from './session-policy.ts';
import { sourceIdentityOf } from './sts.ts';

interface CallerScope {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly serialNumbers: readonly string[];
}

/** The device role, restricted to one caller, one operation and the devices that the request addresses. */
export const callerScope = ({ operation, caller, serialNumbers }: CallerScope): CredentialScope => ({
  // No part contains a line break.
  key: [caller.userId, caller.userArn, operation.name, ...serialNumbers].join('\n'),
  roleArn: deviceRole().DEVICE_ROLE_ARN,
  identity: sourceIdentityOf(caller.userName),
  policy: () => sessionPolicy(operation, caller, serialNumbers),
});
