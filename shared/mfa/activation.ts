import type { Caller } from '../caller.ts';
import { clock } from '../clock.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import { errorFields, log } from '../log.ts';
import { isOwnPath } from './device-id.ts';
import { activeDevice, type Device, isOwned } from './devices.ts';
import { assertNoOtherDevice } from './first-device.ts';
import type {
  ActiveDevice,
  ChangeLease,
  ConsecutiveCodes,
  HeldLease,
  MfaDirectory,
  RecentChange,
} from './ports.ts';
import { propagationMillis } from './propagation.ts';
import { productTags } from './tags.ts';

export interface ActivationContext {
  readonly caller: Caller;
  readonly directory: MfaDirectory;
  readonly lease: ChangeLease;
}

/** An active device, and from when STS takes its codes (RFC 3339). */
export interface Activation extends Device {
  readonly usableForSessionsFrom: string;
}

type Rule = (active: readonly ActiveDevice[], recent: readonly RecentChange[], serialNumber: string) => void;

/** A further device needs an active one: an old session must not enrol after the devices were taken away. */
const needsDevice: Rule = (active, recent) => {
  if (active.length === 0 && !recent.some((change) => change.active)) {
    throw new Problem(
      'no-active-device',
      'You have no active device, so this would be your first: use /v1/me/first-mfa-device.',
    );
  }
};

/** Enables a further device of the caller's. What is active already stays so. */
export const enableDevice = (serialNumber: string, codes: ConsecutiveCodes, context: ActivationContext) =>
  enableUnder(needsDevice, serialNumber, codes, context);

/** Enables the caller's first device. His sole active device stays so. */
export const enableFirstDevice = (
  serialNumber: string,
  codes: ConsecutiveCodes,
  context: ActivationContext,
) => enableUnder(assertNoOtherDevice, serialNumber, codes, context);

/**
 * Throws `device-not-found`, `device-in-use`, `device-limit`, `invalid-authentication-code`, `busy`, what the rule
 * throws, and what the directory throws.
 */
function enableUnder(
  rule: Rule,
  serialNumber: string,
  codes: ConsecutiveCodes,
  context: ActivationContext,
): Promise<Activation> {
  const { caller, directory } = context;
  return context.lease.run(async (lease) => {
    const active = await directory.listActive();
    rule(active, lease.recent, serialNumber);
    const already = active.find((device) => device.serialNumber === serialNumber);
    if (already) return finish(already, context);
    if (!isOwnPath(caller, serialNumber) || !(await isOwned(caller, serialNumber, directory))) {
      throw new Problem('device-not-found', 'You have no pending device with this id. Create it first.');
    }
    await lease.record(serialNumber, true);
    try {
      await directory.enable(serialNumber, codes);
    } catch (error) {
      return finish(await enabledAfterAll(serialNumber, error, lease, directory), context);
    }
    return finish({ serialNumber, enabledAt: new Date(clock.now()) }, context);
  });
}

/** Problems after which it is certain that the device was not enabled. */
const refusals = [
  'invalid-authentication-code',
  'device-not-found',
  'device-limit',
  'busy',
  'throttled',
] as const;

/** The device, if IAM lists it as active in spite of the error that enabling gave; throws what is the matter if not. */
async function enabledAfterAll(
  serialNumber: string,
  error: unknown,
  lease: HeldLease,
  directory: MfaDirectory,
): Promise<ActiveDevice> {
  if (isProblem(error, ...refusals)) {
    await lease.forget(serialNumber);
    throw error;
  }
  const active = await directory.listActive().catch(() => Promise.reject(error));
  const found = active.find((device) => device.serialNumber === serialNumber);
  if (found) return found;
  if (!isProblem(error, 'device-exists')) throw error;
  await lease.forget(serialNumber);
  throw new Problem(
    'device-in-use',
    'Another user holds this device. Create one of another name.',
    {},
    { cause: error },
  );
}

/** Takes the expiry off, so that the device outlives it once it is deactivated. */
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
