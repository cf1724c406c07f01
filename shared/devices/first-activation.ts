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
 * Enables the caller's first device. With an enrolment pass, the guard and the hold of their recovery are then lifted.
 * If the device is active already it stays so, and repeating the call lifts what could not be lifted before.
 * Throws `first-device-only`, `enrolment-pass-required`, `enrolment-pass-invalid`; otherwise as `enableDevice` does.
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

/** Whether the device was created with the current pass, which may have expired since. */
const wasCreatedWithPass = (serialNumber: string, { guard, pass }: HeldLease): boolean =>
  pass?.serialNumber === serialNumber && (guard === undefined || guard.recoveryId === pass.recoveryId);

/** The hold first: while the guard stands, a repeated call knows that work is left. */
async function lift(lease: HeldLease, hold: EnrolmentHold): Promise<void> {
  try {
    if (lease.guard) await hold.detach();
    await lease.liftGuard();
  } catch (error) {
    const known = isProblem(error, 'busy', 'throttled', 'timeout');
    throw new Problem(
      known ? error.code : 'upstream-failed',
      'Your device is active, but the restrictions of the recovery could not be lifted yet. Repeat this call.',
      known ? error.extras : {},
      { cause: error },
    );
  }
}
