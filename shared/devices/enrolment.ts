import type { Caller } from '../contract/caller.ts';
import type { ChangeLease } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import { assertNotResynced, type CoolDownContext } from './cool-down.ts';
import { createOrReplace } from './create-or-replace.ts';
import { ownPrefix } from './device-id.ts';
import { type DeviceDetails, pendingDevice, withTags } from './devices.ts';
import { assertNoDevice, assertNoOtherDevice } from './first-device.ts';
import { otpauthUri } from './otpauth.ts';
import { assertNoGuard, checkPass, type FirstDeviceRule } from './pass-check.ts';
import type { MfaDirectory, Tags } from './ports.ts';
import { productTags } from './tags.ts';

export interface NewDevice {
  readonly name: string;
  readonly label?: string | undefined;
}

/** A pending device with its seed, which cannot be read again. */
export interface Enrolment extends DeviceDetails {
  readonly expiresAt: string;
  readonly base32Seed: string;
  readonly otpauthUri: string;
}

export interface EnrolmentContext extends CoolDownContext {
  readonly caller: Caller;
  readonly directory: MfaDirectory;
  readonly lease: ChangeLease;
  readonly settings: {
    /** What authenticator apps show as the issuer. */
    readonly issuer: string;
    /** May contain `{userName}`, `{accountId}` and `{deviceName}`. */
    readonly label: string;
    /** Seconds until a device expires unless it is enabled. */
    readonly expiresAfter: number;
  };
}

export interface FirstEnrolmentContext extends EnrolmentContext {
  readonly firstDevice: FirstDeviceRule;
}

/**
 * Creates a virtual device for the caller, replacing their own pending device of the same name, with a fresh seed.
 * Throws `enrolment-pass-required` under the guard of a recovery, `recently-resynchronised`, `throttled` and
 * `too-many-pending` beyond the limits of creations, `device-exists`, `device-limit`, `busy` and whatever the directory
 * throws.
 */
export async function createDevice(device: NewDevice, context: EnrolmentContext): Promise<Enrolment> {
  const tags = tagsFor(device, context);
  const created = await context.lease.run(async (lease) => {
    assertNoGuard(lease);
    await assertNotResynced(lease, context);
    return createOrReplace(device.name, tags, lease, context);
  });
  return enrolment(device, created, tags, context);
}

/**
 * Does the same for a user without an active device. An enrolment pass, if sent, is bound to the device and enables no
 * other. Also throws `first-device-only`, `enrolment-pass-required` and `enrolment-pass-invalid`.
 */
export async function createFirstDevice(
  { pass, ...device }: NewDevice & { readonly pass?: string | undefined },
  context: FirstEnrolmentContext,
): Promise<Enrolment> {
  // Before the lease: whoever has a device must not keep others waiting who change it.
  const active = await context.directory.listActive();
  assertNoDevice(active);
  const tags = tagsFor(device, context);
  const created = await context.lease.run(async (lease) => {
    assertNoOtherDevice(active, lease.recent, `${ownPrefix(context.caller)}${device.name}`);
    const admitted = await checkPass(pass, context.firstDevice, lease);
    const first = await createOrReplace(device.name, tags, lease, context);
    // Only now: until here, a device of this name may have been one whose seed someone else knows.
    if (admitted) await lease.putPass({ ...admitted, serialNumber: first.serialNumber });
    return first;
  });
  return enrolment(device, created, tags, context);
}

function tagsFor({ label }: NewDevice, { caller, settings }: EnrolmentContext): Tags {
  return {
    [productTags.owner]: caller.userId,
    [productTags.expiresAt]: new Date(clock.now() + settings.expiresAfter * 1000).toISOString(),
    ...(label !== undefined && { [productTags.label]: label }),
  };
}

function enrolment(
  { name }: NewDevice,
  { serialNumber, base32Seed }: { serialNumber: string; base32Seed: string },
  tags: Tags,
  { caller, settings }: EnrolmentContext,
): Enrolment {
  const { userName, accountId } = caller;
  const fields: Readonly<Record<string, string>> = { userName, accountId, deviceName: name };
  const label = settings.label.replace(/{(\w+)}/g, (_, field: string) => fields[field] ?? '');
  return {
    ...withTags(pendingDevice(caller, serialNumber), tags),
    expiresAt: tags[productTags.expiresAt] ?? '',
    base32Seed,
    otpauthUri: otpauthUri(base32Seed, { issuer: settings.issuer, label }),
  };
}
