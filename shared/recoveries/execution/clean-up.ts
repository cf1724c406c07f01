import { isProblem } from '../../contract/problem.ts';
import { deviceKindOf, isOwnPath, ownPrefix } from '../../devices/device-id.ts';
import { isOwned } from '../../devices/device-reading.ts';
import { ownerOf } from '../view.ts';
import type { Execution } from './execution.ts';

/** Deletes the virtual devices that were taken, and all that the user has not enabled. */
export async function cleanUp(execution: Execution): Promise<undefined> {
  const taken = (execution.recovery.removedDevices ?? []).map(({ serialNumber }) => serialNumber);
  for (const serialNumber of new Set(taken)) {
    await remove(serialNumber, execution, (error) => {
      // Still in use. Just deactivated: IAM is lagging, so try again later. Otherwise it is another user's, and stays.
      if (execution.deactivated.has(serialNumber)) throw error;
    });
  }
  await removePendingDevices(execution);
}

/** A thief may know the seed of a device they began to enrol. Other users' devices stay, even under this path. */
async function removePendingDevices(execution: Execution): Promise<void> {
  const { directory, recovery } = execution;
  const owner = ownerOf(recovery);
  const unassigned = await directory.listUnassigned(ownPrefix(owner));
  for (const serialNumber of unassigned.filter((serial) => isOwnPath(owner, serial))) {
    if (!(await isOwned(recovery, serialNumber, directory))) continue;
    // Enabled in the meantime: the next step, which looks at the devices again, takes it.
    await remove(serialNumber, execution, () => undefined);
  }
}

async function remove(
  serialNumber: string,
  { directory, onProgress }: Execution,
  onActive: (error: unknown) => void,
): Promise<void> {
  if (deviceKindOf(serialNumber) !== 'virtual') return;
  try {
    await directory.remove(serialNumber);
    onProgress();
  } catch (error) {
    if (isProblem(error, 'device-not-found')) return;
    if (!isProblem(error, 'device-active')) throw error;
    onActive(error);
  }
}
