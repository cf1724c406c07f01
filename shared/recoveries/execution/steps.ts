import { isProblem, Problem } from '../../contract/problem.ts';
import { isOwnPath, ownPrefix } from '../../devices/device-id.ts';
import { isOwned } from '../../devices/devices.ts';
import type { ActiveDevice } from '../../devices/ports.ts';
import { removeVirtual } from '../../devices/removal.ts';
import { clock } from '../../lib/clock.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { ownerOf } from '../view.ts';
import type { Execution, ExecutionEnd } from './execution.ts';

/** One step. It returns how the execution comes to rest, or nothing if the next step follows. May be repeated. */
export interface Step {
  readonly name: string;
  readonly run: (execution: Execution) => Promise<ExecutionEnd | undefined>;
}

/** The order of an execution: docs/decisions/0013. All of it runs each time, from the start. */
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
  { name: 'release who has a device', run: releaseWhoHasDevice },
  { name: 'finish', run: finish },
];

/** Runs the steps, each only while the user is the one of the request. */
export async function runSteps(execution: Execution, all: readonly Step[] = steps): Promise<ExecutionEnd> {
  for (const step of all) {
    if (!(await isSameUser(execution))) return execution.fail('user-changed');
    const end = await step.run(execution);
    if (end !== undefined) return end;
  }
  return 'executed';
}

/** IAM is called by the user's name, which may be somebody else's by now. */
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
 * Whether a device is active that the approvers have not seen, or may be though IAM's list does not show it yet. One
 * that was enabled anew under its old serial number is another device.
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

/** From here on the user can enrol only with a pass, and only with one of this recovery. */
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
    // Not the user's, and in use: somebody else's. Just deactivated, and in use: IAM will know better in a moment.
    if (wasActive || !isProblem(error, 'device-active')) throw error;
  }
}

/** Tried also where IAM's list does not show the device, since it may be out of date. False if it was not active. */
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

/** A thief may know the seed of a device that they began to enrol. Other users' devices stay, even in this path. */
async function removePendingDevices(execution: Execution): Promise<undefined> {
  const { directory, recovery } = execution;
  const owner = ownerOf(recovery);
  const unassigned = await directory.listUnassigned(ownPrefix(owner));
  for (const serialNumber of unassigned.filter((serial) => isOwnPath(owner, serial))) {
    if (!(await isOwned(recovery, serialNumber, directory))) continue;
    await removeVirtual(serialNumber, directory).catch((error: unknown) => {
      // Enabled meanwhile: the comparison that follows finds it.
      if (!isProblem(error, 'device-active')) throw error;
    });
  }
}

/** STS accepts a device for some seconds after it is gone: sessions issued in them must be revoked too. */
async function waitUntilSettled(execution: Execution): Promise<ExecutionEnd | undefined> {
  const { reason, revokeAfter, dueAt } = execution.recovery;
  if (reason !== 'stolen') return undefined;
  if (revokeAfter !== undefined && Date.parse(revokeAfter) <= clock.now()) return undefined;
  if (revokeAfter !== undefined && dueAt === revokeAfter) return 'waiting';
  return (await execution.write('AwaitRevocation', {})) ? 'waiting' : 'superseded';
}

/**
 * Always as of the same moment, so that a repetition does not end newer sessions. Without room for the policy the
 * execution does not end but is tried again: the devices are gone, and nobody gets a pass while old sessions have MFA.
 */
async function revokeSessions({ directory, recovery }: Execution): Promise<undefined> {
  if (recovery.revokeAfter === undefined) return;
  if (await directory.denyOldSessions(new Date(recovery.revokeAfter))) return;
  throw new Problem(
    'upstream-failed',
    'The inline policies of the user leave no room to revoke his sessions.',
  );
}

/**
 * A user who still has a device needs no pass. Only after their sessions are revoked, since one of a stolen device has
 * MFA; and not for a device that they deactivated so recently that IAM's list may still show it.
 */
async function releaseWhoHasDevice(execution: Execution): Promise<undefined> {
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
