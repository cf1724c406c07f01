import type { Metered } from '../contract/code-limit.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import type { ChangeLease, HeldLease } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import type { Activation } from './activation.ts';
import { metered, withNextCode } from './codes.ts';
import { coolDownEnd } from './cool-down.ts';
import { deviceKindOf } from './device-id.ts';
import { activeDevice, type DeviceContext, deviceNotFound } from './devices.ts';
import type { ActiveDevice, CodeBudget, ConsecutiveCodes, MfaDirectory } from './ports.ts';
import { propagationMillis } from './propagation.ts';

export interface ResyncContext extends DeviceContext {
  readonly budget: CodeBudget;
}

export interface OnlyResyncContext extends ResyncContext {
  readonly lease: ChangeLease;
  /** Seconds for which a session with MFA counts as recent. */
  readonly stepUpMaxAge: number;
  /** Seconds for which the device then allows no changes; 0 for none. */
  readonly resyncCoolDown: number;
}

/** A resynchronised device, and when its owner can change their devices again, unless at once (RFC 3339). */
export interface OnlyResync extends Activation {
  readonly changesAllowedFrom?: string;
}

/**
 * Resynchronises an active device with two consecutive codes. Throws `device-not-found`, `not-resyncable`,
 * `invalid-authentication-code`, `throttled` and whatever the directory throws.
 */
export async function resyncDevice(
  serialNumber: string,
  codes: ConsecutiveCodes,
  context: ResyncContext,
): Promise<Metered<Activation>> {
  const device = resyncable(serialNumber, await context.directory.listActive());
  return metered(context, async ({ caller, directory, budget }) => {
    await budget.spend(serialNumber);
    await resync(serialNumber, codes, directory);
    return { ...activeDevice(caller, device), ...usableSoon() };
  });
}

/**
 * Does the same for users who cannot step up because this device, their only one, has drifted. It takes no more than an
 * access key and two codes that somebody may have seen, so for a while the device allows no changes. Throws
 * `step-up-required` if another active device could step up, and `busy`.
 */
export async function resyncOnlyDevice(
  serialNumber: string,
  codes: ConsecutiveCodes,
  context: OnlyResyncContext,
): Promise<Metered<OnlyResync>> {
  const active = await context.directory.listActive();
  assertOnlyDevice(serialNumber, active, context);
  const device = resyncable(serialNumber, active);
  return metered(context, async ({ caller, budget, lease, resyncCoolDown }) => {
    // Before the lease: whoever has stolen the key could otherwise keep it from its owner.
    await budget.spend(serialNumber);
    const at = await lease.run((held) => resyncNoted(serialNumber, codes, held, context));
    const end = new Date(coolDownEnd(at, resyncCoolDown));
    return {
      ...activeDevice(caller, device),
      ...usableSoon(),
      ...(resyncCoolDown > 0 && { changesAllowedFrom: end.toISOString() }),
    };
  });
}

function assertOnlyDevice(
  serialNumber: string,
  active: readonly Pick<ActiveDevice, 'serialNumber'>[],
  { stepUpMaxAge }: OnlyResyncContext,
): void {
  if (active.every((device) => device.serialNumber === serialNumber)) return;
  throw new Problem(
    'step-up-required',
    'You have another active device. Get a session with it (POST /v1/me/sessions), and use ' +
      'POST /v1/mfa-devices/{deviceId}/resync.',
    { maxAgeSeconds: stepUpMaxAge },
  );
}

/** Problems that rule out that the device was resynchronised. */
const refusals = ['invalid-authentication-code', 'device-not-found', 'busy', 'throttled'] as const;

/**
 * Under the lease: notes the resynchronisation before it is made, in place of any earlier one, since the user has no
 * other device. Returns when (milliseconds since the epoch).
 */
async function resyncNoted(
  serialNumber: string,
  codes: ConsecutiveCodes,
  lease: HeldLease,
  context: OnlyResyncContext,
): Promise<number> {
  // IAM's list may not show yet what was enabled last.
  const enabled = lease.recent.filter((change) => change.active);
  assertOnlyDevice(serialNumber, enabled, context);
  const before = lease.resyncs;
  const at = clock.now();
  await lease.write({ resyncs: [{ serialNumber, at }] });
  try {
    await resync(serialNumber, codes, context.directory);
  } catch (error) {
    if (isProblem(error, ...refusals)) await lease.write({ resyncs: before });
    throw error;
  }
  return at;
}

function resyncable(serialNumber: string, active: readonly ActiveDevice[]): ActiveDevice {
  const device = active.find((candidate) => candidate.serialNumber === serialNumber);
  if (!device) throw deviceNotFound();
  if (deviceKindOf(serialNumber) === 'fido') {
    throw new Problem('not-resyncable', 'FIDO keys show no codes, so there is nothing to resynchronise.');
  }
  return device;
}

const resync = (
  serialNumber: string,
  codes: ConsecutiveCodes,
  directory: Pick<MfaDirectory, 'resync'>,
): Promise<void> =>
  directory.resync(serialNumber, codes).catch((error: unknown) => {
    throw withNextCode(error);
  });

const usableSoon = () => ({
  usableForSessionsFrom: new Date(clock.now() + propagationMillis).toISOString(),
});
