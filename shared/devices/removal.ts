import type { Caller } from '../contract/caller.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import type { ChangeLease, HeldLease } from '../lease/ports.ts';
import { assertNotResynced, type CoolDownContext } from './cool-down.ts';
import { pendingAgain } from './creations.ts';
import { deviceKindOf, isOwnPath } from './device-id.ts';
import { assertOwned } from './devices.ts';
import type { ActiveDevice, MfaDirectory } from './ports.ts';
import { productTags } from './tags.ts';

export interface RemovalContext extends CoolDownContext {
  readonly caller: Caller;
  readonly directory: MfaDirectory;
  readonly lease: ChangeLease;
  /** Whether a user may be left without an active device. */
  readonly allowRemovingLast: boolean;
}

/**
 * Deactivates one of the caller's devices; an inactive one stays inactive. Throws `device-not-found`,
 * `recently-resynchronised`, `last-device`, `busy` and whatever the directory throws.
 */
export const deactivateDevice = (serialNumber: string, context: RemovalContext): Promise<void> =>
  context.lease.run(async (lease) => {
    const { active, isActive } = await assertOwned(context.caller, serialNumber, context.directory);
    await assertNotResynced(lease, context, active);
    if (!isActive) return;
    assertNotLast(active, lease, serialNumber, context);
    await removeExpiry(serialNumber, context);
    if (isOwnPath(context.caller, serialNumber)) await pendingAgain(serialNumber, lease);
    await deactivateOwn(serialNumber, lease, context);
  });

/**
 * Deletes one of the caller's devices, deactivating it first if it is active. Hardware tokens and FIDO keys are only
 * deactivated. Throws as `deactivateDevice` does.
 */
export const deleteDevice = (serialNumber: string, context: RemovalContext): Promise<void> =>
  context.lease.run(async (lease) => {
    const { active, isActive } = await assertOwned(context.caller, serialNumber, context.directory);
    await assertNotResynced(lease, context, active);
    if (isActive) {
      assertNotLast(active, lease, serialNumber, context);
      await deactivateOwn(serialNumber, lease, context);
    }
    await removeVirtual(serialNumber, context.directory);
  });

/**
 * A user without a device can enrol one with an access key alone, and so could anyone who stole the key. A device that
 * was deactivated recently does not count as another one, even if IAM's list still shows it.
 */
function assertNotLast(
  active: readonly ActiveDevice[],
  { recent }: HeldLease,
  serialNumber: string,
  { allowRemovingLast }: RemovalContext,
): void {
  const gone = new Set(recent.filter((change) => !change.active).map((change) => change.serialNumber));
  const others = active.filter(
    (device) => device.serialNumber !== serialNumber && !gone.has(device.serialNumber),
  );
  if (others.length > 0 || allowRemovingLast) return;
  throw new Problem(
    'last-device',
    'Without this device your access key alone could enrol the next one. Enable another device first, or replace ' +
      'this one: PUT /v1/mfa-devices/{deviceId}/activation with "replaces".',
  );
}

/**
 * Enabling removes the expiry, but succeeds even if that fails; left on an inactive device, it would get the device
 * deleted. So it is removed first: if that fails, the device stays active and the deactivation can be repeated.
 */
async function removeExpiry(serialNumber: string, { caller, directory }: RemovalContext): Promise<void> {
  if (!isOwnPath(caller, serialNumber)) return;
  await directory.untag(serialNumber, [productTags.expiresAt]).catch(unlessGone);
}

/** Problems that rule out that anything was deactivated. */
const refusals = ['busy', 'throttled'] as const;

/** Deactivates an active device. One made elsewhere is tagged first, so that its owner can delete it afterwards. */
export async function deactivateOwn(
  serialNumber: string,
  lease: HeldLease,
  { caller, directory }: Pick<RemovalContext, 'caller' | 'directory'>,
): Promise<void> {
  if (deviceKindOf(serialNumber) === 'virtual' && !isOwnPath(caller, serialNumber)) {
    await directory.tag(serialNumber, { [productTags.owner]: caller.userId });
  }
  await lease.record(serialNumber, false);
  try {
    await directory.deactivate(serialNumber);
  } catch (error) {
    await assertInactive(serialNumber, error, lease, directory);
  }
}

/** Throws what deactivating threw, unless the device turns out to be inactive all the same. */
async function assertInactive(
  serialNumber: string,
  error: unknown,
  lease: HeldLease,
  directory: MfaDirectory,
): Promise<void> {
  if (isProblem(error, 'device-not-found')) return;
  if (isProblem(error, ...refusals)) {
    await lease.forget(serialNumber);
    throw error;
  }
  const active = await directory.listActive().catch(() => Promise.reject(error));
  if (active.some((device) => device.serialNumber === serialNumber)) throw error;
}

/** Deletes an inactive virtual device; succeeds if it is already gone. */
export async function removeVirtual(
  serialNumber: string,
  directory: Pick<MfaDirectory, 'remove'>,
): Promise<void> {
  if (deviceKindOf(serialNumber) !== 'virtual') return;
  await directory.remove(serialNumber).catch(unlessGone);
}

function unlessGone(error: unknown): void {
  if (!isProblem(error, 'device-not-found')) throw error;
}
