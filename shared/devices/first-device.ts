import { Problem } from '../contract/problem.ts';
import type { RecentChange } from '../lease/ports.ts';
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
 * Throws `first-device-only` if a device other than `serialNumber` is active, or was enabled so recently that IAM's
 * list may not show it: a stale list must not make room for a second first device.
 */
export function assertNoOtherDevice(
  active: readonly ActiveDevice[],
  recent: readonly RecentChange[],
  serialNumber: string,
): void {
  const enabled = recent.filter((change) => change.active);
  if ([...active, ...enabled].some((device) => device.serialNumber !== serialNumber)) throw firstDeviceOnly();
}

const firstDeviceOnly = (): Problem =>
  new Problem(
    'first-device-only',
    'You already have an active MFA device. Get a session with it (POST /v1/me/sessions), and add more devices ' +
      'with POST /v1/mfa-devices.',
  );
