import { isProblem } from '../../contract/problem.ts';
import type { ActiveDevice } from '../../devices/ports.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import type { RemovedDevice } from '../recovery.ts';
import { rfc3339 } from '../time.ts';
import type { Execution, ExecutionEnd } from './execution.ts';

/** Deactivates all devices that have to go, those of earlier attempts too. */
export async function takeDevices(execution: Execution): Promise<ExecutionEnd | undefined> {
  const devices = devicesToTake(execution, await look(execution));
  if (execution.recovery.removalBegunAt === undefined || devices.length > 0) {
    if (!(await execution.write('BeginRemoval', { devices }))) return 'superseded';
  }
  if (!execution.isGuarded) await execution.putGuard();
  await deactivateAll(execution.recovery.removedDevices ?? [], execution);
  return undefined;
}

/** Deactivates what was enabled since: IAM does not say when an attached policy holds everywhere. */
export async function takeAddedDevices(execution: Execution): Promise<ExecutionEnd | undefined> {
  const devices = devicesToTake(execution, await look(execution));
  if (devices.length === 0) return undefined;
  if (!(await execution.write('BeginRemoval', { devices }))) return 'superseded';
  await deactivateAll(devices, execution);
  return undefined;
}

/** Devices deactivated so recently that IAM may still list them are none that the user still has. */
async function look(execution: Execution): Promise<readonly ActiveDevice[]> {
  const { directory, lease, recovery } = execution;
  const active = await directory.listActive();
  const gone = new Set(lease.recent.filter((change) => !change.active).map((change) => change.serialNumber));
  execution.hasOtherDevice = active.some(
    (device) => !mustGo(device, recovery) && !gone.has(device.serialNumber),
  );
  return active;
}

type Request = Pick<Execution['recovery'], 'devices' | 'targets'>;

/** The approvers know a device by when it was enabled, too: enabled again, it counts as another. */
const isSeen = ({ serialNumber, enabledAt }: ActiveDevice, { devices }: Request): boolean =>
  devices.some((seen) => seen.serialNumber === serialNumber && isAt(seen, enabledAt));

const isAt = (device: Pick<RemovedDevice, 'enabledAt'>, enabledAt: Date): boolean =>
  device.enabledAt !== undefined && Date.parse(device.enabledAt) === enabledAt.getTime();

const isTarget = (serialNumber: string, { targets }: Request): boolean =>
  targets === undefined || targets.includes(serialNumber);

/** Only a device stays that the approvers have seen and the request does not mean. */
const mustGo = (device: ActiveDevice, request: Request): boolean =>
  isTarget(device.serialNumber, request) || !isSeen(device, request);

/** What is to be taken and not noted yet. */
function devicesToTake({ lease, recovery }: Execution, active: readonly ActiveDevice[]): RemovedDevice[] {
  const noted = recovery.removedDevices ?? [];
  const listed = active
    .filter((device) => mustGo(device, recovery))
    .filter(({ serialNumber, enabledAt }) =>
      noted.every((device) => device.serialNumber !== serialNumber || !isAt(device, enabledAt)),
    )
    .map((device) => ({
      serialNumber: device.serialNumber,
      enabledAt: rfc3339(device.enabledAt.getTime()),
      addedSinceRequest: !isSeen(device, recovery),
    }));
  const known = new Set([...active, ...noted].map(({ serialNumber }) => serialNumber));
  return [...listed, ...unlisted(recovery, lease).filter(({ serialNumber }) => !known.has(serialNumber))];
}

/** Devices that may be active although IAM does not list them: its list may be stale. */
function unlisted(recovery: Execution['recovery'], { recent }: Execution['lease']): RemovedDevice[] {
  const targets = recovery.devices
    .filter(({ serialNumber }) => isTarget(serialNumber, recovery))
    .map((device) => ({ ...device, addedSinceRequest: false }));
  const claimed = recent
    .filter(({ active, serialNumber }) => active && targets.every((one) => one.serialNumber !== serialNumber))
    .map(({ serialNumber }) => ({ serialNumber, addedSinceRequest: true }));
  return [...targets, ...claimed];
}

async function deactivateAll(devices: readonly RemovedDevice[], execution: Execution): Promise<void> {
  for (const serialNumber of new Set(devices.map((device) => device.serialNumber)))
    await deactivate(serialNumber, execution);
}

/** Tries even if IAM does not list the device. */
async function deactivate(serialNumber: string, execution: Execution): Promise<void> {
  await execution.lease.record(serialNumber, false);
  try {
    await execution.directory.deactivate(serialNumber);
  } catch (error) {
    if (isProblem(error, 'device-not-found')) return;
    throw error;
  }
  execution.deactivated.add(serialNumber);
  execution.isUnsettled = true;
  execution.onProgress();
  const invocation = currentInvocation();
  invocation.devices = [...invocation.devices, serialNumber];
}
