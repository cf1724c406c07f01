import { isProblem, Problem } from '../contract/problem.ts';
import type { HeldLease } from '../lease/ports.ts';
import { type CreationContext, noLongerPending, noteCreation } from './creations.ts';
import { ownPath, ownPrefix } from './device-id.ts';
import { unbindPass } from './pass-check.ts';
import type { MfaDirectory, Tags } from './ports.ts';
import { removeVirtual } from './removal.ts';
import { productTags } from './tags.ts';

interface Context extends CreationContext {
  readonly directory: MfaDirectory;
}

type Created = Awaited<ReturnType<MfaDirectory['create']>>;

interface Progress {
  /** Whether the former device of this name has been deleted. */
  deleted: boolean;
}

/** The first may meet a pending device of the same name, the second one of its own, whose answer was lost. */
const mostAttempts = 3;

/**
 * Under the lease: creates a virtual device in place of the caller's pending one of the same name, whose binding to a
 * pass ends. Throws as `createDevice` does.
 */
export async function createOrReplace(
  name: string,
  tags: Tags,
  lease: HeldLease,
  context: Context,
): Promise<Created> {
  const serialNumber = `${ownPrefix(context.caller)}${name}`;
  const mayBePending = await noteCreation(serialNumber, lease, context);
  await unbindPass(serialNumber, lease);
  const progress: Progress = { deleted: false };
  try {
    if (mayBePending) await deletePending(serialNumber, progress, context);
    return await create(name, tags, progress, context);
  } catch (error) {
    if (isProblem(error, 'device-exists', 'device-limit')) await noLongerPending(serialNumber, lease);
    throw explained(error, progress);
  }
}

/**
 * The SDK repeats a call whose answer was lost. If the device was made all the same, the repetition is told that it
 * exists, but nobody has its seed: it is deleted like any other pending device of the caller's.
 */
async function create(name: string, tags: Tags, progress: Progress, context: Context): Promise<Created> {
  const { caller, directory } = context;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    try {
      return await directory.create(ownPath(caller.userName), name, tags);
    } catch (error) {
      if (!isProblem(error, 'device-exists')) throw error;
    }
    await deletePending(`${ownPrefix(caller)}${name}`, progress, context);
  }
  throw new Problem('upstream-failed', 'AWS created the device, but did not give out its seed.');
}

/** Succeeds if the device is gone. Throws `device-exists` if it is active, or not the caller's. */
async function deletePending(
  serialNumber: string,
  progress: Progress,
  { caller, directory }: Context,
): Promise<void> {
  try {
    const tags = await directory.listTags(serialNumber);
    if (tags[productTags.owner] !== caller.userId) {
      throw new Problem(
        'device-exists',
        'A device with this name exists that is not yours. Choose another name.',
      );
    }
    await removeVirtual(serialNumber, directory);
    progress.deleted = true;
  } catch (error) {
    if (isProblem(error, 'device-not-found')) return;
    if (!isProblem(error, 'device-active')) throw error;
    const detail = 'You have an active device with this name. Choose another name.';
    throw new Problem('device-exists', detail, {}, { cause: error });
  }
}

/** Says what has been done already, and what to repeat. */
function explained(error: unknown, { deleted }: Progress): unknown {
  if (!isProblem(error) || !(deleted || error.code === 'upstream-failed')) return error;
  const detail = [
    error.message,
    ...(deleted ? ['Your pending device of this name has already been deleted.'] : []),
    'Repeat this call, which replaces a device whose seed was lost; GET /v1/me/mfa-devices lists what you have.',
  ];
  return new Problem(error.code, detail.join(' '), error.extras, { cause: error });
}
