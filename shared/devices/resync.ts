import type { Metered } from '../contract/code-limit.ts';
import { Problem } from '../contract/problem.ts';
import { clock } from '../lib/clock.ts';
import type { Activation } from './activation.ts';
import { metered, withNextCode } from './codes.ts';
import { deviceKindOf } from './device-id.ts';
import { activeDevice, type DeviceContext, deviceNotFound } from './devices.ts';
import type { ActiveDevice, CodeBudget, ConsecutiveCodes } from './ports.ts';
import { propagationMillis } from './propagation.ts';

export interface ResyncContext extends DeviceContext {
  readonly budget: CodeBudget;
}

export interface OnlyResyncContext extends ResyncContext {
  /** Seconds for which a session with MFA counts as recent. */
  readonly stepUpMaxAge: number;
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
  return resync(serialNumber, codes, await context.directory.listActive(), context);
}

/**
 * Does the same for users who cannot step up because this device, their only one, has drifted. Throws
 * `step-up-required` if another active device could step up.
 */
export async function resyncOnlyDevice(
  serialNumber: string,
  codes: ConsecutiveCodes,
  { stepUpMaxAge, ...context }: OnlyResyncContext,
): Promise<Metered<Activation>> {
  const active = await context.directory.listActive();
  if (active.some((device) => device.serialNumber !== serialNumber)) {
    throw new Problem(
      'step-up-required',
      'You have another active device. Get a session with it (POST /v1/me/sessions), and use ' +
        'POST /v1/mfa-devices/{deviceId}/resync.',
      { maxAgeSeconds: stepUpMaxAge },
    );
  }
  return resync(serialNumber, codes, active, context);
}

async function resync(
  serialNumber: string,
  codes: ConsecutiveCodes,
  active: readonly ActiveDevice[],
  context: ResyncContext,
): Promise<Metered<Activation>> {
  const { caller, directory } = context;
  const device = active.find((candidate) => candidate.serialNumber === serialNumber);
  if (!device) throw deviceNotFound();
  if (deviceKindOf(serialNumber) === 'fido') {
    throw new Problem('not-resyncable', 'FIDO keys show no codes, so there is nothing to resynchronise.');
  }
  return metered(context, async ({ budget }) => {
    await budget.spend(serialNumber);
    await directory.resync(serialNumber, codes).catch((error: unknown) => {
      throw withNextCode(error);
    });
    const usableFrom = new Date(clock.now() + propagationMillis);
    return { ...activeDevice(caller, device), usableForSessionsFrom: usableFrom.toISOString() };
  });
}
