import { DetachUserPolicyCommand } from '@aws-sdk/client-iam';
import { env } from '../../config/deployment.ts';
import type { Caller } from '../../contract/caller.ts';
import type { Operation } from '../../contract/operation.ts';
import { isProblem } from '../../contract/problem.ts';
import type { EnrolmentHold } from '../../devices/ports.ts';
import { callerScope } from './caller-scope.ts';
import { callScoped } from './scoped-clients.ts';

interface Scope {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** The managed policy that the execution of a recovery attached to the caller. */
export function enrolmentHold(
  { operation, caller, signal }: Scope,
  ...serialNumbers: readonly string[]
): EnrolmentHold {
  const scope = callerScope({ operation, caller, serialNumbers });
  const input = { UserName: caller.userName, PolicyArn: env().ENROLMENT_HOLD_ARN };
  return {
    detach: () =>
      callScoped(scope, signal, async ({ iam }) => {
        await iam.send(new DetachUserPolicyCommand(input), { abortSignal: signal });
      }).catch((error: unknown) => {
        // What is called not found here is the policy on the user: there is nothing to detach.
        if (!isProblem(error, 'device-not-found')) throw error;
      }),
  };
}
