import { isProblem } from '../../contract/problem.ts';
import { assertOnlyOne } from '../under-way.ts';
import { cleanUp } from './clean-up.ts';
import type { Execution, ExecutionEnd } from './execution.ts';
import { denyLaterSessions, denySessions, waitUntilSettled } from './revocation.ts';
import { takeAddedDevices, takeDevices } from './take-devices.ts';

/** One repeatable step. Returns where the execution stops, or undefined to go on with the next step. */
export interface Step {
  readonly name: string;
  readonly run: (execution: Execution) => Promise<ExecutionEnd | undefined>;
}

/** Every execution runs all steps from the start; docs/decisions/0022 says why, and why in this order. */
export const steps: readonly Step[] = [
  { name: 'begin', run: begin },
  { name: 'guard', run: guard },
  { name: 'hold', run: hold },
  { name: 'take devices', run: takeDevices },
  { name: 'deny sessions', run: denySessions },
  { name: 'clean up', run: cleanUp },
  { name: 'take devices added meanwhile', run: takeAddedDevices },
  { name: 'deny their sessions', run: denyLaterSessions },
  { name: 'wait', run: waitUntilSettled },
  { name: 'release a user who has a device', run: releaseIfProtected },
  { name: 'finish', run: finish },
];

/** Runs the steps, checking before each that the user is still the one of the request. */
export async function runSteps(execution: Execution, all: readonly Step[] = steps): Promise<ExecutionEnd> {
  for (const step of all) {
    if (!(await isSameUser(execution))) return execution.fail('user-changed');
    const end = await step.run(execution);
    if (end !== undefined) return end;
  }
  return 'executed';
}

/** IAM addresses users by name, and the name may belong to another user by now. */
export async function isSameUser({
  directory,
  recovery,
}: Pick<Execution, 'directory' | 'recovery'>): Promise<boolean> {
  try {
    const { userId, userArn } = await directory.getUser();
    return userId === recovery.userId && userArn === recovery.userArn;
  } catch (error) {
    if (isProblem(error, 'user-not-found')) return false;
    throw error;
  }
}

/** Throws `busy` while another recovery of the user's is under way. */
async function begin(execution: Execution): Promise<ExecutionEnd | undefined> {
  const { lease, recovery, store } = execution;
  await assertOnlyOne(recovery, lease, store);
  if (lease.recoveryUnderWay !== recovery.id) await lease.write({ recoveryUnderWay: recovery.id });
  if (recovery.state === 'executing') return undefined;
  return (await execution.write('BeginExecution', {})) ? undefined : 'superseded';
}

/** A guard that an ended recovery has left stays until devices are taken: until then, a failure changes nothing. */
async function guard(execution: Execution): Promise<undefined> {
  const { lease } = execution;
  if (lease.guard === undefined) await execution.putGuard();
  else if (lease.pass !== undefined) await lease.putPass(undefined);
}

async function hold(execution: Execution): Promise<ExecutionEnd | undefined> {
  return (await execution.directory.attachHold()) ? undefined : execution.fail('policy-quota');
}

/** A user who still has a device needs no pass. Only now: a session from a stolen device has MFA. */
async function releaseIfProtected(execution: Execution): Promise<undefined> {
  if (execution.hasOtherDevice) await execution.release();
}

async function finish(execution: Execution): Promise<ExecutionEnd> {
  return (await execution.write('ExecuteRecovery', {})) ? 'executed' : 'superseded';
}
