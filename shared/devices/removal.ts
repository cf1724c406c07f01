import type { Caller } from '../contract/caller.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import type { ChangeLease, HeldLease } from '../lease/ports.ts';
import { type ActiveNow, activeNow, notListedYet } from './active-devices.ts';
import { assertNotResynced, type CoolDownContext } from './cool-down.ts';
import { noLongerPending, pendingAgain } from './creations.ts';
import { deviceKindOf, isOwnPath } from './device-id.ts';
import { type DeviceReading, hasOwnerTag, isListed, readDevice } from './device-reading.ts';
import { deviceNotFound } from './devices.ts';
import { changedNothing, halfDone } from './failed-changes.ts';
import { assertNoGuard, unbindPass } from './pass-check.ts';
import type { MfaDirectory } from './ports.ts';
import { productTags } from './tags.ts';
import { underLease } from './under-lease.ts';

export interface RemovalContext extends CoolDownContext {
  readonly caller: Caller;
  readonly directory: MfaDirectory;
  readonly lease: ChangeLease;
  /** Whether a user may be left without an active device. */
  readonly allowRemovingLast: boolean;
}

/**
 * Deactivates one of the caller's devices; an inactive one stays inactive. Throws `enrolment-pass-required` under the
 * guard of a recovery, `device-not-found`, `recently-resynchronised`, `last-device`, `busy` and whatever the directory
 * throws.
 */
export const deactivateDevice = (serialNumber: string, context: RemovalContext): Promise<void> =>
  underLease(context.lease, readDevice(serialNumber, context), async (lease, read) => {
    const devices = await assertRemovable(serialNumber, read, lease, context);
    if (!devices.mayBeActive(serialNumber)) return;
    assertNotLast(serialNumber, devices, context);
    await removeExpiry(serialNumber, read, context);
    if (isOwnPath(context.caller, serialNumber)) await pendingAgain(serialNumber, lease);
    await deactivateOwn(serialNumber, lease, context);
  });

/**
 * Deletes one of the caller's devices, deactivating it first if it is active. Hardware tokens and FIDO keys are only
 * deactivated. Throws as `deactivateDevice` does.
 */
export const deleteDevice = (serialNumber: string, context: RemovalContext): Promise<void> =>
  underLease(context.lease, readDevice(serialNumber, context), async (lease, read) => {
    const devices = await assertRemovable(serialNumber, read, lease, context);
    if (!devices.mayBeActive(serialNumber)) return deleteVirtual(serialNumber, lease, context.directory);
    assertNotLast(serialNumber, devices, context);
    await deactivateOwn(serialNumber, lease, context);
    await deleteVirtual(serialNumber, lease, context.directory).catch(deletionHalfDone);
  });

const deletionHalfDone = halfDone('The device is deactivated, but its deletion is not confirmed.');

/** Whoever removes a hardware token or FIDO key that the list misses must have changed it just now. */
async function assertRemovable(
  serialNumber: string,
  read: DeviceReading,
  lease: HeldLease,
  context: RemovalContext,
): Promise<ActiveNow> {
  assertNoGuard(lease);
  const devices = activeNow(read.list, lease.recent);
  const isVirtual = deviceKindOf(serialNumber) === 'virtual';
  const isOwn = isVirtual ? hasOwnerTag(context.caller, read) : devices.mayBeActive(serialNumber);
  if (!isListed(serialNumber, read) && !isOwn) throw deviceNotFound();
  await assertNotResynced(lease, context, read.list);
  return devices;
}

/**
 * A user without a device can enrol one with an access key alone, and so could anyone who stole the key. Only a device
 * that is active beyond doubt counts as another one.
 */
function assertNotLast(
  serialNumber: string,
  { certain, unconfirmed }: ActiveNow,
  { allowRemovingLast }: RemovalContext,
): void {
  if (allowRemovingLast || certain.some((device) => device.serialNumber !== serialNumber)) return;
  if (unconfirmed.some((other) => other !== serialNumber)) throw notListedYet();
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
async function removeExpiry(
  serialNumber: string,
  { tags }: DeviceReading,
  { directory }: RemovalContext,
): Promise<void> {
  if (tags?.[productTags.expiresAt] === undefined) return;
  await directory.untag(serialNumber, [productTags.expiresAt]).catch(unlessGone);
}

/** Deactivates an active device. One made elsewhere is tagged first, so that its owner can delete it afterwards. */
export async function deactivateOwn(
  serialNumber: string,
  lease: HeldLease,
  { caller, directory }: Pick<RemovalContext, 'caller' | 'directory'>,
): Promise<void> {
  if (deviceKindOf(serialNumber) === 'virtual' && !isOwnPath(caller, serialNumber)) {
    await directory.tag(serialNumber, { [productTags.owner]: caller.userId }).catch(unlessGone);
  }
  await lease.record(serialNumber, false);
  try {
    await directory.deactivate(serialNumber).catch(unlessGone);
  } catch (error) {
    if (changedNothing(error, 'busy', 'throttled')) {
      await lease.forget(serialNumber);
      throw error;
    }
    // The answer may be lost. A list could be late, but the call itself, repeated, says whether there was more to do.
    await directory.deactivate(serialNumber).catch((again: unknown) => {
      if (!isProblem(again, 'device-not-found')) throw error;
    });
  }
}

/** Deletes an inactive virtual device of the caller's, and what the table knows of it. */
export async function deleteVirtual(
  serialNumber: string,
  lease: HeldLease,
  directory: Pick<MfaDirectory, 'remove'>,
): Promise<void> {
  await unbindPass(serialNumber, lease);
  await removeVirtual(serialNumber, directory);
  await noLongerPending(serialNumber, lease);
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
