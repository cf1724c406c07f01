import type { Caller } from '../contract/caller.ts';
import type { Metered } from '../contract/code-limit.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import type { ChangeLease, HeldLease } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import { errorFields, log } from '../lib/log.ts';
import { type ActiveNow, activeNow, notListedYet } from './active-devices.ts';
import { metered, withNextCode } from './codes.ts';
import { assertNotResynced, type CoolDownContext } from './cool-down.ts';
import { noLongerPending } from './creations.ts';
import { deviceKindOf, isOwnPath } from './device-id.ts';
import { type DeviceReading, hasOwnerTag, isOwned, readDevice } from './device-reading.ts';
import { activeDevice, type Device } from './devices.ts';
import { changedNothing, halfDone } from './failed-changes.ts';
import { assertNoGuard } from './pass-check.ts';
import type { ActiveDevice, CodeBudget, ConsecutiveCodes, MfaDirectory } from './ports.ts';
import { propagationMillis } from './propagation.ts';
import { deactivateOwn, deleteVirtual } from './removal.ts';
import { productTags } from './tags.ts';
import { underLease } from './under-lease.ts';

export interface ActivationContext extends CoolDownContext {
  readonly caller: Caller;
  readonly directory: MfaDirectory;
  readonly lease: ChangeLease;
  readonly budget: CodeBudget;
}

/** An active device, and when STS starts to accept its codes (RFC 3339). */
export interface Activation extends Device {
  readonly usableForSessionsFrom: string;
}

/**
 * Enables another device of the caller's; an active one stays active. The device it replaces is deactivated and deleted
 * once the new one is active; repeating the call completes what failed halfway.
 * Throws `enrolment-pass-required` under the guard of a recovery, `no-active-device`, `recently-resynchronised`,
 * `device-not-found`, `device-in-use`, `device-limit`, `invalid-authentication-code`, `throttled`, `busy` and whatever
 * the directory throws.
 */
export const enableDevice = (
  serialNumber: string,
  { replaces, ...codes }: ConsecutiveCodes & { readonly replaces?: string | undefined },
  activationContext: ActivationContext,
): Promise<Metered<Activation>> =>
  metered(activationContext, async (context) => {
    if (replaces === serialNumber) throw replacesItself();
    const reading = readDevice(serialNumber, context);
    const device = await underLease(context.lease, reading, async (lease, read, beside) => {
      assertNoGuard(lease);
      const devices = activeNow(read.list, lease.recent);
      assertHasActiveDevice(devices);
      await assertNotResynced(lease, context, read.list);
      if (replaces !== undefined) await assertReplaceable(replaces, serialNumber, devices, context);
      const enabled = await enable(serialNumber, codes, read, lease, context);
      beside(removeExpiry(serialNumber, read, context));
      // The new device is active beyond doubt, so the old one is not the last.
      if (replaces !== undefined)
        await removeReplaced(replaces, devices, lease, context).catch(replacedHalfDone);
      return enabled;
    });
    return activationOf(context.caller, device);
  });

const replacesItself = (): Problem => {
  const errors = [{ pointer: '/body/replaces', detail: 'must not be the device that is enabled' }];
  return new Problem('validation-failed', 'A device cannot replace itself.', { errors });
};

/** Another device needs an active one: an old session must not enrol once the devices have been removed. */
function assertHasActiveDevice({ certain, unconfirmed }: ActiveNow): void {
  if (certain.length > 0 || unconfirmed.length > 0) return;
  throw new Problem(
    'no-active-device',
    'You have no active device, so this would be your first: use /v1/me/first-mfa-device.',
  );
}

/**
 * Under the lease: enables a device of the caller's unless it is active already, which costs no codes. The device that
 * it returns is active beyond doubt.
 */
export async function enable(
  serialNumber: string,
  codes: ConsecutiveCodes,
  read: DeviceReading,
  lease: HeldLease,
  context: ActivationContext,
): Promise<ActiveDevice> {
  const already = activeNow(read.list, lease.recent).find(serialNumber);
  if (!already) assertEnrollable(serialNumber, read, context.caller);
  const device = already ?? (await enableWithCodes(serialNumber, codes, lease, context));
  await noLongerPending(serialNumber, lease);
  return device;
}

/** Hardware tokens belong to no one until they are enabled; a virtual device must be the caller's own. */
function assertEnrollable(serialNumber: string, read: DeviceReading, caller: Caller): void {
  if (deviceKindOf(serialNumber) === 'hardware-totp') return;
  if (isOwnPath(caller, serialNumber) && hasOwnerTag(caller, read)) return;
  throw new Problem('device-not-found', 'You have no pending device with this id. Create it first.');
}

async function enableWithCodes(
  serialNumber: string,
  codes: ConsecutiveCodes,
  lease: HeldLease,
  { directory, budget }: ActivationContext,
): Promise<ActiveDevice> {
  await budget.spend(serialNumber);
  const at = clock.now();
  await lease.record(serialNumber, true);
  try {
    await directory.enable(serialNumber, codes);
    return { serialNumber, enabledAt: new Date(clock.now()) };
  } catch (error) {
    if (isProblem(error, 'device-in-use')) return heldAlready(serialNumber, error, lease, directory);
    if (changedNothing(error, ...refusals)) {
      await lease.forget(serialNumber);
      throw withNextCode(error);
    }
    // The answer may be lost. A device enabled before this call proves nothing: it may have been deactivated since.
    const list = await directory.listActive().catch(() => Promise.reject(error));
    const enabled = activeNow(list, [{ serialNumber, active: true, at }]).find(serialNumber);
    if (enabled) return enabled;
    throw error;
  }
}

/** Problems that rule out that the device was enabled. */
const refusals = [
  'invalid-authentication-code',
  'device-not-found',
  'device-limit',
  'busy',
  'throttled',
] as const;

/** The device, if it was the caller who enabled it, in an earlier try; otherwise throws that it is in use. */
async function heldAlready(
  serialNumber: string,
  inUse: Problem,
  lease: HeldLease,
  directory: MfaDirectory,
): Promise<ActiveDevice> {
  await lease.forget(serialNumber);
  const list = await directory.listActive().catch(() => Promise.reject(inUse));
  const devices = activeNow(list, lease.recent);
  const held = devices.find(serialNumber);
  if (held) return held;
  throw devices.mayBeActive(serialNumber) ? notListedYet() : inUse;
}

/**
 * Removes the expiry, which would otherwise apply again once the device is deactivated. Never fails: deactivating the
 * device removes it, too.
 */
export async function removeExpiry(
  serialNumber: string,
  { tags }: DeviceReading,
  { directory }: Pick<ActivationContext, 'directory'>,
): Promise<void> {
  if (tags?.[productTags.expiresAt] === undefined) return;
  await directory
    .untag(serialNumber, [productTags.expiresAt])
    .catch((error: unknown) => log.warn('expiry tag not removed', errorFields(error)));
}

export function activationOf(caller: Caller, device: ActiveDevice): Activation {
  const usableFrom = new Date(device.enabledAt.getTime() + propagationMillis);
  return { ...activeDevice(caller, device), usableForSessionsFrom: usableFrom.toISOString() };
}

/** Checked before anything is enabled. If the new device is active, an earlier try may have removed the old one. */
async function assertReplaceable(
  replaced: string,
  serialNumber: string,
  devices: ActiveNow,
  { caller, directory }: ActivationContext,
): Promise<void> {
  if (devices.mayBeActive(replaced) || devices.find(serialNumber)) return;
  if (await isOwned(caller, replaced, directory)) return;
  throw new Problem('device-not-found', 'You have no device with the id that "replaces" names.');
}

async function removeReplaced(
  replaced: string,
  devices: ActiveNow,
  lease: HeldLease,
  { caller, directory }: ActivationContext,
): Promise<void> {
  if (devices.mayBeActive(replaced)) await deactivateOwn(replaced, lease, { caller, directory });
  else if (!(await isOwned(caller, replaced, directory))) return;
  await deleteVirtual(replaced, lease, directory);
}

const replacedHalfDone = halfDone(
  'Your new device is active, but the removal of the old one is not confirmed.',
);
