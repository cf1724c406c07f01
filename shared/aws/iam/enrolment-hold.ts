import { AttachUserPolicyCommand, DetachUserPolicyCommand } from '@aws-sdk/client-iam';
import { enrolmentHoldPolicy } from '../../config/roles.ts';
import type { Caller } from '../../contract/caller.ts';
import type { Operation } from '../../contract/operation.ts';
import type { EnrolmentHold } from '../../devices/ports.ts';
import type { HeldUser } from '../../recoveries/execution/reconcile-ports.ts';
import { callerScope } from './caller-scope.ts';
import type { IamCall } from './iam-call.ts';
import { readHolders } from './iam-reads.ts';
import { holdersScope } from './recovery-scope.ts';
import { scopedCall } from './scoped-clients.ts';

interface Scope {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** The managed policy that a recovery attached to the caller. */
export function enrolmentHold(
  { operation, caller, signal }: Scope,
  ...serialNumbers: readonly string[]
): EnrolmentHold {
  const call = scopedCall(callerScope({ operation, caller, serialNumbers }), signal);
  return { detach: () => detachHold(call, caller.userName) };
}

/** Users to whom it is attached. The list may lag. Throws a `Problem`. */
export const heldUsers = (signal: AbortSignal): Promise<readonly HeldUser[]> =>
  readHolders(scopedCall(holdersScope(), signal), enrolmentHoldPolicy().ENROLMENT_HOLD_ARN);

/** Attaches it to a user. False if their quota of managed policies is used up. */
export async function attachHold(call: IamCall, UserName: string): Promise<boolean> {
  const command = new AttachUserPolicyCommand({
    UserName,
    PolicyArn: enrolmentHoldPolicy().ENROLMENT_HOLD_ARN,
  });
  return (await call(command, { LimitExceeded: () => undefined })) !== undefined;
}

/** Detaches it from a user; succeeds if it is not attached. */
export async function detachHold(call: IamCall, UserName: string): Promise<void> {
  const command = new DetachUserPolicyCommand({
    UserName,
    PolicyArn: enrolmentHoldPolicy().ENROLMENT_HOLD_ARN,
  });
  await call(command, { NoSuchEntity: () => undefined });
}
