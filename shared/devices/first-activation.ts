import type { Metered } from '../contract/code-limit.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import type { HeldLease } from '../lease/ports.ts';
import { type Activation, type ActivationContext, enable } from './activation.ts';
import { metered } from './codes.ts';
import { assertNoOtherDevice } from './first-device.ts';
import { assertPassFor, type FirstDeviceRule, recordRecovery } from './pass-check.ts';
import type { ConsecutiveCodes, EnrolmentHold } from './ports.ts';

export interface FirstActivationContext extends ActivationContext {
  readonly firstDevice: FirstDeviceRule;
  readonly hold: EnrolmentHold;
}

/**
 * Enables the caller's first device. With an enrolment pass, the guard and the hold of his recovery are lifted
 * afterwards. His sole active device stays so; a repetition lifts what could not be lifted before.
 * Throws `first-device-only`, `enrolment-pass-required`, `enrolment-pass-invalid`, otherwise what `enableDevice` does.
 */
export const enableFirstDevice = (
  serialNumber: string,
  { pass, ...codes }: ConsecutiveCodes & { readonly pass?: string | undefined },
  activationContext: FirstActivationContext,
): Promise<Metered<Activation>> =>
  metered(activationContext, (context) =>
    context.lease.run(async (lease) => {
      const active = await context.directory.listActive();
      assertNoOtherDevice(active, lease.recent, serialNumber);
      recordRecovery(lease);
      const isActive = active.some((device) => device.serialNumber === serialNumber);
      if (!isActive) await assertPassFor(serialNumber, pass, context.firstDevice, lease);
      const activation = await enable(serialNumber, codes, active, lease, context);
      if (wasCreatedWithPass(serialNumber, lease)) await lift(lease, context.hold);
      return activation;
    }),
  );

/** Whether the device was created with the pass that is valid, or was until it expired. */
const wasCreatedWithPass = (serialNumber: string, { guard, pass }: HeldLease): boolean =>
  pass?.serialNumber === serialNumber && (guard === undefined || guard.recoveryId === pass.recoveryId);

/** The hold first: as long as the guard is there, a repetition knows that something is left to be done. */
async function lift(lease: HeldLease, hold: EnrolmentHold): Promise<void> {
  try {
    if (lease.guard) await hold.detach();
    await lease.liftGuard();
  } catch (error) {
    const known = isProblem(error, 'busy', 'throttled', 'timeout');
    throw new Problem(
      known ? error.code : 'upstream-failed',
      'Your device is active, but what the recovery put in the way of your devices could not be taken away yet. Repeat this call.',
      known ? error.extras : {},
      { cause: error },
    );
  }
}
