import type { Caller } from '../contract/caller.ts';
import type { Metered } from '../contract/code-limit.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import type { ChangeLease, HeldLease, RecentChange } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import { errorFields, log } from '../lib/log.ts';
import { metered, withNextCode } from './codes.ts';
import { assertNotResynced, type CoolDownContext } from './cool-down.ts';
import { deviceKindOf, isOwnPath } from './device-id.ts';
import { activeDevice, type Device, isOwned } from './devices.ts';
import { assertNoGuard } from './pass-check.ts';
import type { ActiveDevice, CodeBudget, ConsecutiveCodes, MfaDirectory } from './ports.ts';
import { propagationMillis } from './propagation.ts';
import { deactivateOwn, removeVirtual } from './removal.ts';
import { productTags } from './tags.ts';

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
 * `device-not-found`, `device-in-use`, `device-limit`, `invalid-authentication-code`, `throttled`, `busy` and whatever the directory
 * throws.
 */
export const enableDevice = (
  serialNumber: string,
  { replaces, ...codes }: ConsecutiveCodes & { readonly replaces?: string | undefined },
  activationContext: ActivationContext,
): Promise<Metered<Activation>> =>
  metered(activationContext, (context) =>
    context.lease.run(async (lease) => {
      assertNoGuard(lease);
      const active = await context.directory.listActive();
      assertHasActiveDevice(active, lease.recent);
      await assertNotResynced(lease, context, active);
      if (replaces !== undefined) await assertReplaceable(replaces, serialNumber, active, context);
      const activation = await enable(serialNumber, codes, active, lease, context);
      if (replaces !== undefined) await removeReplaced(replaces, active, lease, context);
      return activation;
    }),
  );

/** Another device needs an active one: an old session must not enrol once the devices have been removed. */
function assertHasActiveDevice(active: readonly ActiveDevice[], recent: readonly RecentChange[]): void {
  if (active.length > 0 || recent.some((change) => change.active)) return;
  throw new Problem(
    'no-active-device',
    'You have no active device, so this would be your first: use /v1/me/first-mfa-device.',
  );
}

/** Under the lease: enables a device of the caller's unless it is active already, which costs no codes. */
export async function enable(
  serialNumber: string,
  codes: ConsecutiveCodes,
  active: readonly ActiveDevice[],
  lease: HeldLease,
  context: ActivationContext,
): Promise<Activation> {
  const { directory, budget } = context;
  const already = find(serialNumber, active);
  if (already) return finish(already, context);
  await assertEnrollable(serialNumber, context);
  await budget.spend(serialNumber);
  await lease.record(serialNumber, true);
  try {
    await directory.enable(serialNumber, codes);
  } catch (error) {
    return finish(await enabledAfterAll(serialNumber, error, lease, directory), context);
  }
  return finish({ serialNumber, enabledAt: new Date(clock.now()) }, context);
}

/** Hardware tokens belong to no one until they are enabled; a virtual device must be the caller's own. */
async function assertEnrollable(
  serialNumber: string,
  { caller, directory }: ActivationContext,
): Promise<void> {
  if (deviceKindOf(serialNumber) === 'hardware-totp') return;
  if (isOwnPath(caller, serialNumber) && (await isOwned(caller, serialNumber, directory))) return;
  throw new Problem('device-not-found', 'You have no pending device with this id. Create it first.');
}

/** Checked before anything is enabled. If the new device is active, an earlier try may have removed the old one. */
async function assertReplaceable(
  replaced: string,
  serialNumber: string,
  active: readonly ActiveDevice[],
  { caller, directory }: ActivationContext,
): Promise<void> {
  if (replaced === serialNumber) {
    const errors = [{ pointer: '/body/replaces', detail: 'must not be the device that is enabled' }];
    throw new Problem('validation-failed', 'A device cannot replace itself.', { errors });
  }
  if (find(replaced, active) || find(serialNumber, active)) return;
  if (await isOwned(caller, replaced, directory)) return;
  throw new Problem('device-not-found', 'You have no device with the id that "replaces" names.');
}

async function removeReplaced(
  replaced: string,
  active: readonly ActiveDevice[],
  lease: HeldLease,
  { caller, directory }: ActivationContext,
): Promise<void> {
  if (find(replaced, active)) await deactivateOwn(replaced, lease, { caller, directory });
  else if (!(await isOwned(caller, replaced, directory))) return;
  await removeVirtual(replaced, directory);
}

const find = (serialNumber: string, devices: readonly ActiveDevice[]): ActiveDevice | undefined =>
  devices.find((device) => device.serialNumber === serialNumber);

/** Problems that rule out that the device was enabled. */
const refusals = [
  'invalid-authentication-code',
  'device-not-found',
  'device-limit',
  'busy',
  'throttled',
] as const;

/** The device, if IAM lists it as active although enabling failed; otherwise throws why it failed. */
async function enabledAfterAll(
  serialNumber: string,
  error: unknown,
  lease: HeldLease,
  directory: MfaDirectory,
): Promise<ActiveDevice> {
  if (isProblem(error, ...refusals)) {
    await lease.forget(serialNumber);
    throw withNextCode(error);
  }
  // Also after `device-in-use`: the caller may hold the device since an earlier try.
  const active = await directory.listActive().catch(() => Promise.reject(error));
  const found = find(serialNumber, active);
  if (found) return found;
  if (isProblem(error, 'device-in-use')) await lease.forget(serialNumber);
  throw error;
}

/** Removes the expiry, which would otherwise apply again once the device is deactivated. */
async function finish(device: ActiveDevice, { caller, directory }: ActivationContext): Promise<Activation> {
  const { serialNumber, enabledAt } = device;
  if (isOwnPath(caller, serialNumber)) {
    await directory
      .untag(serialNumber, [productTags.expiresAt])
      .catch((error: unknown) => log.warn('expiry tag not removed', errorFields(error)));
  }
  const usableFrom = new Date(enabledAt.getTime() + propagationMillis);
  return { ...activeDevice(caller, device), usableForSessionsFrom: usableFrom.toISOString() };
}
