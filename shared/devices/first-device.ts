import { Problem } from '../contract/problem.ts';
import type { RecentChange } from '../lease/ports.ts';
import { activeNow, notListedYet } from './active-devices.ts';
import type { ActiveDevice } from './ports.ts';

/**
 * Throws `first-device-only` unless IAM lists no active device. The list may be read before the lease is taken: what an
 * earlier holder of the lease has changed since is among what the lease remembers, so `assertNoOtherDevice` under the
 * lease makes up for it.
 */
export function assertNoDevice(active: readonly ActiveDevice[]): void {
  if (active.length > 0) throw firstDeviceOnly();
}

/**
 * Throws `first-device-only` if IAM lists a device other than `serialNumber`, and `busy` if another was enabled so
 * recently that the list may not show it: a stale list must not make room for a second first device.
 */
export function assertNoOtherDevice(
  active: readonly ActiveDevice[],
  recent: readonly RecentChange[],
  serialNumber: string,
): void {
  if (active.some((device) => device.serialNumber !== serialNumber)) throw firstDeviceOnly();
  if (activeNow(active, recent).unconfirmed.some((other) => other !== serialNumber)) throw notListedYet();
}

const firstDeviceOnly = (): Problem =>
  new Problem(
    'first-device-only',
    'You already have an active MFA device. Get a session with it (POST /v1/me/sessions), and add more devices ' +
      'with POST /v1/mfa-devices.',
  );
