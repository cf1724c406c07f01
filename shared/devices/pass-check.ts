import { Problem } from '../contract/problem.ts';
import { isPass, isUsable } from '../lease/pass.ts';
import type { HeldLease, StoredPass, UserRecord } from '../lease/ports.ts';
import { currentInvocation } from '../lib/invocation.ts';

/** Whether a user without a device can enrol one with an access key alone, or needs an enrolment pass. */
export type FirstDeviceRule = 'open' | 'pass';

/**
 * The pass with which a user enrols their first device; undefined if they sent none and need none. If sent, it is
 * always checked, and a wrong one is counted before the caller learns of it.
 * Throws `enrolment-pass-required`, `enrolment-pass-invalid` and whatever the lease throws.
 */
export async function checkPass(
  sent: string | undefined,
  rule: FirstDeviceRule,
  lease: HeldLease,
): Promise<StoredPass | undefined> {
  const { guard, pass } = lease;
  recordRecovery(lease);
  if (sent === undefined) {
    if (guard || rule === 'pass') throw passRequired();
    return undefined;
  }
  if (pass && isUsable(pass, guard)) {
    if (isPass(sent, pass)) return pass;
    await lease.putPass({ ...pass, wrong: pass.wrong + 1 });
  }
  throw new Problem(
    'enrolment-pass-invalid',
    'The enrolment pass is not valid. Ask an approver of your recovery for a new one; it replaces any earlier pass.',
  );
}

/** Checks the pass for enabling a device: it works only for the device created with it. */
export async function assertPassFor(
  serialNumber: string,
  sent: string | undefined,
  rule: FirstDeviceRule,
  lease: HeldLease,
): Promise<void> {
  const pass = await checkPass(sent, rule, lease);
  if (pass === undefined || pass.serialNumber === serialNumber) return;
  throw new Problem(
    'enrolment-pass-invalid',
    'This device is not the last one created with the enrolment pass. Create it again with the pass ' +
      '(POST /v1/me/first-mfa-device), then enable it.',
  );
}

/**
 * Call it before a device is created, deleted or replaced: a device made later under the same serial number has a seed
 * that others may know, so the pass must not enable it.
 */
export async function unbindPass(serialNumber: string, lease: HeldLease): Promise<void> {
  const { pass } = lease;
  if (pass?.serialNumber === serialNumber) await lease.putPass({ ...pass, serialNumber: undefined });
}

/** Throws `enrolment-pass-required` under a guard: a session from before a recovery must not enrol after it. */
export function assertNoGuard(lease: HeldLease): void {
  recordRecovery(lease);
  if (lease.guard) throw passRequired();
}

/** For the audit log: whatever is done or refused under a guard belongs to the recovery. */
export function recordRecovery({ guard }: Pick<UserRecord, 'guard'>): void {
  if (guard) currentInvocation().recovery = { id: guard.recoveryId };
}

const passRequired = (): Problem =>
  new Problem(
    'enrolment-pass-required',
    'You need an enrolment pass, which an approver of your recovery hands you; ask your help desk. Send it as ' +
      '"pass" to POST /v1/me/first-mfa-device, then to PUT /v1/me/first-mfa-device/{deviceId}/activation.',
  );
