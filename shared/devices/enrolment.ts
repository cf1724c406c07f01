import type { Caller } from '../contract/caller.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import type { ChangeLease } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import { ownPath, ownPrefix } from './device-id.ts';
import { type DeviceDetails, isOwned, pendingDevice, withTags } from './devices.ts';
import { assertNoDevice } from './first-device.ts';
import { otpauthUri } from './otpauth.ts';
import { checkPass, type FirstDeviceRule } from './pass-check.ts';
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

export interface EnrolmentContext {
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
 * Throws `device-exists`, `device-limit`, `busy` and whatever the directory throws.
 */
export async function createDevice(device: NewDevice, context: EnrolmentContext): Promise<Enrolment> {
  const tags = tagsFor(device, context);
  const created =
    (await createUnlessTaken(device, tags, context)) ??
    (await context.lease.run(() => replacePending(device, tags, context)));
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
  const tags = tagsFor(device, context);
  const created = await context.lease.run(async (lease) => {
    assertNoDevice(await context.directory.listActive());
    const admitted = await checkPass(pass, context.firstDevice, lease);
    const first =
      (await createUnlessTaken(device, tags, context)) ?? (await replacePending(device, tags, context));
    // Only now: until here, a device of this name may have been one whose seed someone else knows.
    if (admitted) await lease.putPass({ ...admitted, serialNumber: first.serialNumber });
    return first;
  });
  return enrolment(device, created, tags, context);
}

type Created = Awaited<ReturnType<MfaDirectory['create']>>;

const create = ({ name }: NewDevice, tags: Tags, { caller, directory }: EnrolmentContext): Promise<Created> =>
  directory.create(ownPath(caller.userName), name, tags);

/** Undefined if a device of this name exists. */
const createUnlessTaken = (
  device: NewDevice,
  tags: Tags,
  context: EnrolmentContext,
): Promise<Created | undefined> =>
  create(device, tags, context).catch((error: unknown) => {
    if (!isProblem(error, 'device-exists')) throw error;
    return undefined;
  });

async function replacePending(device: NewDevice, tags: Tags, context: EnrolmentContext): Promise<Created> {
  await removePending(`${ownPrefix(context.caller)}${device.name}`, context);
  return create(device, tags, context);
}

async function removePending(serialNumber: string, { caller, directory }: EnrolmentContext): Promise<void> {
  const active = await directory.listActive();
  if (active.some((device) => device.serialNumber === serialNumber)) {
    throw new Problem('device-exists', 'You have an active device with this name. Choose another name.');
  }
  if (!(await isOwned(caller, serialNumber, directory))) {
    throw new Problem(
      'device-exists',
      'A device with this name exists that is not yours. Choose another name.',
    );
  }
  try {
    await directory.remove(serialNumber);
  } catch (error) {
    if (isProblem(error, 'device-active')) {
      throw new Problem(
        'device-exists',
        'The device with this name has just been enabled. Choose another name.',
        {},
        { cause: error },
      );
    }
    if (!isProblem(error, 'device-not-found')) throw error;
  }
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
