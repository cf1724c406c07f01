import type { Metered } from '../contract/code-limit.ts';
import type { HeldLease, UserRecord } from '../lease/ports.ts';
import { type Activation, type ActivationContext, activationOf, enable, removeExpiry } from './activation.ts';
import { activeNow } from './active-devices.ts';
import { metered } from './codes.ts';
import { type DeviceReading, isListed, readDevice } from './device-reading.ts';
import { halfDone } from './failed-changes.ts';
import { assertNoOtherDevice } from './first-device.ts';
import { assertPassFor, type FirstDeviceRule, recordRecovery } from './pass-check.ts';
import type { ActiveDevice, ConsecutiveCodes, EnrolmentHold } from './ports.ts';
import { underLease } from './under-lease.ts';

export interface FirstActivationContext extends ActivationContext {
  /** What the table keeps about the caller, without taking the lease. Throws `upstream-failed` if the table fails. */
  readonly userRecord: () => Promise<UserRecord>;
  readonly firstDevice: FirstDeviceRule;
  readonly hold: EnrolmentHold;
}

type SentCodes = ConsecutiveCodes & { readonly pass?: string | undefined };

/**
 * Enables the caller's first device. With an enrolment pass, the guard and the hold of their recovery are then lifted.
 * If the device is active already it stays so, and repeating the call lifts what could not be lifted before.
 * Throws `first-device-only`, `enrolment-pass-required`, `enrolment-pass-invalid`; otherwise as `enableDevice` does.
 */
export const enableFirstDevice = (
  serialNumber: string,
  codes: SentCodes,
  activationContext: FirstActivationContext,
): Promise<Metered<Activation>> =>
  metered(activationContext, async (context) => {
    // Before the lease: with an access key alone, nobody may keep it from its owner and their recovery.
    const read = await readDevice(serialNumber, context);
    assertNoOtherDevice(read.list, [], serialNumber);
    const device =
      (await enabledBefore(serialNumber, read, context)) ??
      (await enableUnderLease(serialNumber, codes, read, context));
    return activationOf(context.caller, device);
  });

/** The device, if it is active and nothing is left to be lifted. */
async function enabledBefore(
  serialNumber: string,
  read: DeviceReading,
  context: FirstActivationContext,
): Promise<ActiveDevice | undefined> {
  if (!isListed(serialNumber, read)) return undefined;
  const record = await context.userRecord();
  const device = activeNow(read.list, record.recent).find(serialNumber);
  if (!device || wasCreatedWithPass(serialNumber, record)) return undefined;
  recordRecovery(record);
  await removeExpiry(serialNumber, read, context);
  return device;
}

const enableUnderLease = (
  serialNumber: string,
  { pass, ...codes }: SentCodes,
  reading: DeviceReading,
  context: FirstActivationContext,
): Promise<ActiveDevice> =>
  underLease(context.lease, Promise.resolve(reading), async (lease, read, beside) => {
    assertNoOtherDevice(read.list, lease.recent, serialNumber);
    recordRecovery(lease);
    const isActive = activeNow(read.list, lease.recent).find(serialNumber) !== undefined;
    if (!isActive) await assertPassFor(serialNumber, pass, context.firstDevice, lease);
    const device = await enable(serialNumber, codes, read, lease, context);
    beside(removeExpiry(serialNumber, read, context));
    if (wasCreatedWithPass(serialNumber, lease)) await lift(lease, context.hold).catch(liftingHalfDone);
    return device;
  });

/** Whether the device was created with the current pass, which may have expired since. */
const wasCreatedWithPass = (
  serialNumber: string,
  { guard, pass }: Pick<UserRecord, 'guard' | 'pass'>,
): boolean =>
  pass?.serialNumber === serialNumber && (guard === undefined || guard.recoveryId === pass.recoveryId);

/** The hold first: while the guard stands, a repeated call knows that work is left. */
async function lift(lease: HeldLease, hold: EnrolmentHold): Promise<void> {
  if (lease.guard) await hold.detach();
  await lease.liftGuard();
}

const liftingHalfDone = halfDone(
  'Your device is active, but the restrictions of the recovery could not be lifted yet.',
);
