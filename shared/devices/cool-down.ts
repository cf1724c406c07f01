import { Problem } from '../contract/problem.ts';
import type { HeldLease } from '../lease/ports.ts';
import { clock } from '../lib/clock.ts';
import { deviceNameOf } from './device-id.ts';
import type { ActiveDevice, MfaDirectory } from './ports.ts';

export interface CoolDownContext {
  readonly directory: Pick<MfaDirectory, 'listActive'>;
  /** Seconds for which a device that was resynchronised with an access key alone allows no changes; 0 for none. */
  readonly resyncCoolDown: number;
}

/** How far, in milliseconds, the clocks of IAM and of a function can differ. */
const clockSkewMillis = 60_000;

/**
 * Throws `recently-resynchronised` while an active device of the caller's is in its cool-down: nobody can tell which
 * device a session was obtained with. A device enabled after the resynchronisation is another one, whatever its name.
 * @param known the caller's active devices; listed only if they are needed
 */
export async function assertNotResynced(
  { resyncs }: Pick<HeldLease, 'resyncs'>,
  { directory, resyncCoolDown }: CoolDownContext,
  known?: readonly ActiveDevice[],
): Promise<void> {
  const cooling = resyncs.filter(({ at }) => clock.now() < coolDownEnd(at, resyncCoolDown));
  if (cooling.length === 0) return;
  const active = known ?? (await directory.listActive());
  const found = cooling.find(({ serialNumber, at }) =>
    active.some(
      (device) => device.serialNumber === serialNumber && device.enabledAt.getTime() <= at + clockSkewMillis,
    ),
  );
  if (found) throw recentlyResynchronised(found.serialNumber, coolDownEnd(found.at, resyncCoolDown));
}

/** Milliseconds since the epoch. */
export const coolDownEnd = (at: number, resyncCoolDown: number): number => at + resyncCoolDown * 1000;

function recentlyResynchronised(serialNumber: string, end: number): Problem {
  const changesAllowedFrom = new Date(end).toISOString();
  return new Problem(
    'recently-resynchronised',
    `Your device ${deviceNameOf(serialNumber)} was resynchronised with an access key alone, so your devices cannot ` +
      `be changed before ${changesAllowedFrom}. If you cannot wait, ask your help desk for a recovery. If it was ` +
      'not you who resynchronised it, deactivate the access key, and call your help desk at once.',
    { changesAllowedFrom, retryAfter: Math.ceil((end - clock.now()) / 1000) },
  );
}
