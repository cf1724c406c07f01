import { deviceIdOf, deviceKindOf, deviceNameOf, type Owner } from '../devices/device-id.ts';
import type { DeviceSnapshot, Recovery, RemovedDevice } from './recovery.ts';
import { stateAt } from './state-machine.ts';

/** A recovery as its subject sees it. `now` is in milliseconds since the epoch. */
export function ownView(recovery: Recovery, now: number) {
  const owner = ownerOf(recovery);
  const { targets } = recovery;
  const devices = recovery.devices.filter(({ serialNumber }) => targets?.includes(serialNumber) ?? true);
  const { id, ticket, userName, reason, requestedBy, requestedAt, approvals, approvalsNeeded } = recovery;
  const { objectedAt, closedBy, closedAt, expiresAt, executedAt, failure, removedDevices } = recovery;
  return {
    id,
    state: stateAt(recovery, now),
    ticket,
    userName,
    reason,
    requestedBy,
    requestedAt,
    approvals: [...approvals],
    approvalsNeeded,
    ...(objectedAt !== undefined && { objectedAt }),
    ...(closedBy !== undefined && { closedBy }),
    ...(closedAt !== undefined && { closedAt }),
    expiresAt,
    ...(executedAt !== undefined && { executedAt }),
    ...(failure !== undefined && { failure }),
    devices: devices.map((device) => deviceView(owner, device)),
    ...(removedDevices !== undefined && {
      removedDevices: removedDevices.map((device) => removedView(owner, device)),
    }),
  };
}

/** A recovery as approvers see it. */
export const recoveryView = (recovery: Recovery, now: number) => ({
  ...ownView(recovery, now),
  ...(recovery.evidence !== undefined && { evidence: recovery.evidence }),
});

/** The owner of the devices, from the user's ARN. */
export function ownerOf({ userArn, userName }: Pick<Recovery, 'userArn' | 'userName'>): Owner {
  const [, partition = '', , , accountId = ''] = userArn.split(':');
  return { partition, accountId, userName };
}

const deviceView = (owner: Owner, { serialNumber, enabledAt }: DeviceSnapshot) => ({
  ...identityOf(owner, serialNumber),
  enabledAt,
});

const removedView = (owner: Owner, { serialNumber, enabledAt, addedSinceRequest }: RemovedDevice) => ({
  ...identityOf(owner, serialNumber),
  ...(enabledAt !== undefined && { enabledAt }),
  addedSinceRequest,
});

const identityOf = (owner: Owner, serialNumber: string) => ({
  id: deviceIdOf(owner, serialNumber),
  name: deviceNameOf(serialNumber),
  kind: deviceKindOf(serialNumber),
  serialNumber,
});
