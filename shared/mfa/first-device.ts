import { clock } from '../clock.ts';
import { Problem } from '../contract/problem.ts';
import type { ActiveDevice, LastEnabled } from './ports.ts';

/** Milliseconds in which IAM's list may not show yet what was enabled; IAM itself names no limit. */
const listStaleMillis = 300_000;

/** Throws `first-device-only` unless IAM lists no active device. */
export function assertNoDevice(active: readonly ActiveDevice[]): void {
  if (active.length > 0) throw firstDeviceOnly();
}

/**
 * True where a device other than `serialNumber` is active, or was enabled so lately that IAM's list may not show it.
 * A list that is out of date must not make room for a second first device.
 */
export function hasOtherDevice(
  active: readonly ActiveDevice[],
  lastEnabled: LastEnabled | undefined,
  serialNumber: string,
): boolean {
  return (
    active.some((device) => device.serialNumber !== serialNumber) ||
    (wasJustEnabled(lastEnabled) && lastEnabled.serialNumber !== serialNumber)
  );
}

export const wasJustEnabled = (lastEnabled: LastEnabled | undefined): lastEnabled is LastEnabled =>
  lastEnabled !== undefined && Math.abs(clock.now() - lastEnabled.at) < listStaleMillis;

export const firstDeviceOnly = (): Problem =>
  new Problem(
    'first-device-only',
    'You have an active MFA device already. Get a session with it (POST /v1/me/sessions), and add further devices at /v1/mfa-devices.',
  );
