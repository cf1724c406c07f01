import { isProblem, Problem } from '../../contract/problem.ts';
import { isOwnPath, ownPrefix } from '../../devices/device-id.ts';
import { isOwned } from '../../devices/devices.ts';
import type { ActiveDevice } from '../../devices/ports.ts';
import { removeVirtual } from '../../devices/removal.ts';
import { clock } from '../../lib/clock.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { ownerOf } from '../view.ts';
import type { Execution, ExecutionEnd } from './execution.ts';

/** One repeatable step. Returns where the execution stops, or undefined to go on with the next step. */
export interface Step {
  readonly name: string;
  readonly run: (execution: Execution) => Promise<ExecutionEnd | undefined>;
}

/** Every execution runs all steps from the start; docs/decisions/0013 says why, and why in this order. */
export const steps: readonly Step[] = [
  { name: 'begin', run: begin },
  { name: 'compare devices', run: compareDevices },
  { name: 'guard', run: guard },
  { name: 'hold', run: hold },
  { name: 'remove devices', run: removeDevices },
  { name: 'remove pending devices', run: removePendingDevices },
  { name: 'compare devices again', run: compareDevices },
  { name: 'wait', run: waitUntilSettled },
  { name: 'revoke sessions', run: revokeSessions },
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

async function begin(execution: Execution): Promise<ExecutionEnd | undefined> {
  if (execution.recovery.state === 'executing') return undefined;
  return (await execution.write('BeginExecution', {})) ? undefined : 'superseded';
}

async function compareDevices(execution: Execution): Promise<ExecutionEnd | undefined> {
  const active = await execution.directory.listActive();
  return hasUnknownDevice(execution, active) ? execution.fail('device-added') : undefined;
}

/**
 * Whether a device is active that the approvers did not see, or may be active although IAM does not list it yet. A
 * device enabled again under its old serial number counts as another device.
 */
function hasUnknownDevice({ recovery, lease }: Execution, active: readonly ActiveDevice[]): boolean {
  const known = new Map(
    recovery.devices.map(({ serialNumber, enabledAt }) => [serialNumber, Date.parse(enabledAt)]),
  );
  return (
    active.some(({ serialNumber, enabledAt }) => known.get(serialNumber) !== enabledAt.getTime()) ||
    lease.recent.some((change) => change.active && !known.has(change.serialNumber))
  );
}

/** From here on the user can enrol only with a pass of this recovery. */
async function guard({ lease, recovery }: Execution): Promise<undefined> {
  if (lease.guard === undefined) await lease.putGuard({ recoveryId: recovery.id, at: clock.now() });
  if (lease.pass !== undefined) await lease.putPass(undefined);
}

async function hold(execution: Execution): Promise<ExecutionEnd | undefined> {
  return (await execution.directory.attachHold()) ? undefined : execution.fail('policy-quota');
}

async function removeDevices(execution: Execution): Promise<ExecutionEnd | undefined> {
  const { lease, recovery } = execution;
  if (recovery.removalBegunAt === undefined && !(await execution.write('BeginRemoval', {})))
    return 'superseded';
  if (!execution.isGuarded) await lease.putGuard({ recoveryId: recovery.id, at: clock.now() });
  for (const serialNumber of recovery.targets) await removeDevice(serialNumber, execution);
  return undefined;
}

async function removeDevice(serialNumber: string, execution: Execution): Promise<void> {
  const wasActive = await deactivate(serialNumber, execution);
  if (wasActive) currentInvocation().devices = [...currentInvocation().devices, serialNumber];
  try {
    await removeVirtual(serialNumber, execution.directory);
  } catch (error) {
    // Still in use. Just deactivated: IAM is lagging, so try again later. Otherwise it is another user's, and stays.
    if (wasActive || !isProblem(error, 'device-active')) throw error;
  }
}

/** Tries even if IAM does not list the device, since its list may be stale. False if the device was not active. */
async function deactivate(serialNumber: string, { directory, lease }: Execution): Promise<boolean> {
  await lease.record(serialNumber, false);
  try {
    await directory.deactivate(serialNumber);
    return true;
  } catch (error) {
    if (isProblem(error, 'device-not-found')) return false;
    throw error;
  }
}

/** A thief may know the seed of a device they began to enrol. Other users' devices stay, even under this path. */
async function removePendingDevices(execution: Execution): Promise<undefined> {
  const { directory, recovery } = execution;
  const owner = ownerOf(recovery);
  const unassigned = await directory.listUnassigned(ownPrefix(owner));
  for (const serialNumber of unassigned.filter((serial) => isOwnPath(owner, serial))) {
    if (!(await isOwned(recovery, serialNumber, directory))) continue;
    await removeVirtual(serialNumber, directory).catch((error: unknown) => {
      // Enabled in the meantime: the next step, which compares the devices again, will find it.
      if (!isProblem(error, 'device-active')) throw error;
    });
  }
}

/** STS accepts a device for some seconds after its removal: sessions issued in that time must be revoked too. */
async function waitUntilSettled(execution: Execution): Promise<ExecutionEnd | undefined> {
  const { reason, revokeAfter, dueAt } = execution.recovery;
  if (reason !== 'stolen') return undefined;
  if (revokeAfter !== undefined && Date.parse(revokeAfter) <= clock.now()) return undefined;
  if (revokeAfter !== undefined && dueAt === revokeAfter) return 'waiting';
  return (await execution.write('AwaitRevocation', {})) ? 'waiting' : 'superseded';
}

/**
 * Always as of the same moment, so that a repetition does not revoke newer sessions. If there is no room for the
 * policy, the execution is retried rather than ended: the devices are gone, and no pass may be issued while old
 * sessions with MFA are alive.
 */
async function revokeSessions({ directory, recovery }: Execution): Promise<undefined> {
  if (recovery.revokeAfter === undefined) return;
  if (await directory.denyOldSessions(new Date(recovery.revokeAfter))) return;
  throw new Problem(
    'upstream-failed',
    'The inline policies of the user leave no room to revoke their sessions.',
  );
}

/**
 * A user who still has a device needs no pass. This comes after the revocation, since a session from a stolen device
 * has MFA. Devices deactivated so recently that IAM may still list them do not count.
 */
async function releaseIfProtected(execution: Execution): Promise<undefined> {
  const { directory, lease, recovery } = execution;
  const gone = new Set([
    ...recovery.targets,
    ...lease.recent.filter(({ active }) => !active).map(({ serialNumber }) => serialNumber),
  ]);
  const active = await directory.listActive();
  if (active.some(({ serialNumber }) => !gone.has(serialNumber))) await execution.release();
}

async function finish(execution: Execution): Promise<ExecutionEnd> {
  return (await execution.write('ExecuteRecovery', {})) ? 'executed' : 'superseded';
}
