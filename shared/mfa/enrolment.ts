import type { Caller } from '../caller.ts';
import { clock } from '../clock.ts';
import { isProblem, Problem } from '../contract/problem.ts';
import { ownPath, ownPrefix } from './device-id.ts';
import { type DeviceDetails, isOwned, pendingDevice, withTags } from './devices.ts';
import { assertNoDevice } from './first-device.ts';
import { otpauthUri } from './otpauth.ts';
import type { ChangeLease, MfaDirectory, Tags } from './ports.ts';
import { productTags } from './tags.ts';

export interface NewDevice {
  readonly name: string;
  readonly label?: string | undefined;
}

/** A pending device with its seed, which nobody can get again. */
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
    /** With `{userName}`, `{accountId}` and `{deviceName}` to be filled in. */
    readonly label: string;
    /** Seconds until a device that nobody enables expires. */
    readonly expiresAfter: number;
  };
}

/**
 * Creates a virtual device for the caller. His own pending device of the same name is replaced with a fresh seed.
 * Throws `device-exists`, `device-limit`, `busy` and what the directory throws.
 */
export async function createDevice(device: NewDevice, context: EnrolmentContext): Promise<Enrolment> {
  const { caller, directory, lease } = context;
  const tags = tagsFor(device, context);
  const create = () => directory.create(ownPath(caller.userName), device.name, tags);
  try {
    return enrolment(device, await create(), tags, context);
  } catch (error) {
    if (!isProblem(error, 'device-exists')) throw error;
  }
  const created = await lease.run(async () => {
    await removePending(`${ownPrefix(caller)}${device.name}`, context);
    return create();
  });
  return enrolment(device, created, tags, context);
}

/** The same for a user without any active device; throws `first-device-only` otherwise. */
export async function createFirstDevice(device: NewDevice, context: EnrolmentContext): Promise<Enrolment> {
  assertNoDevice(await context.directory.listActive());
  return createDevice(device, context);
}

async function removePending(serialNumber: string, { caller, directory }: EnrolmentContext): Promise<void> {
  const active = await directory.listActive();
  if (active.some((device) => device.serialNumber === serialNumber)) {
    throw new Problem('device-exists', 'You have an active device of this name. Choose another name.');
  }
  if (!(await isOwned(caller, serialNumber, directory))) {
    throw new Problem(
      'device-exists',
      'A device of this name exists that is not yours. Choose another name.',
    );
  }
  try {
    await directory.remove(serialNumber);
  } catch (error) {
    if (isProblem(error, 'device-active')) {
      throw new Problem(
        'device-exists',
        'The device of this name has just been enabled. Choose another name.',
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
