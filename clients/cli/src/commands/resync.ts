import type { DeviceSummary, ResyncedDevice } from '../../../typescript/src/index.ts';
import type { Context } from '../context.ts';
import { deviceNamed, listDevices } from '../devices.ts';
import { exitCodes, Failure, usageFailure } from '../failure.ts';
import { harmless, localTime } from '../text.ts';
import { givenCodes, serverClock, withTwoCodes } from '../two-codes.ts';

/** Resynchronises a device: an only device with the access key alone, one of several with MFA. */
export async function resync(
  context: Context,
  name: string | undefined,
  codes: readonly string[],
): Promise<void> {
  const given = givenCodes(codes);
  const [me, devices] = await Promise.all([
    context.call((client, options) => client.getMe(options)),
    listDevices(context),
  ]);
  const device = name === undefined ? onlyActive(devices) : deviceNamed(devices, name);
  const deviceId = device.id;
  const wanted = { device: device.name, now: serverClock(me.serverTime), given };
  const resynced: ResyncedDevice = await withTwoCodes(context, wanted, (two) =>
    context.call((client, options) =>
      me.mfa.active === 1
        ? client.resyncOnlyMfaDevice({ deviceId, ...two }, options)
        : client.resyncMfaDevice({ deviceId, ...two }, options),
    ),
  );
  context.terminal.result(resynced, () => newsOf(resynced));
}

function newsOf({ name, changesAllowedFrom }: ResyncedDevice): string {
  const done = `${harmless(name)} has been resynchronised. You can use it in a few seconds.`;
  if (changesAllowedFrom === undefined) return done;
  const from = localTime(changesAllowedFrom);
  return `${done}\nNo MFA was needed, so you can add, replace and remove devices only from ${from} on.`;
}

function onlyActive(devices: readonly DeviceSummary[]): DeviceSummary {
  const active = devices.filter(({ status, kind }) => status === 'active' && kind !== 'fido');
  const [device] = active;
  if (device === undefined) {
    throw new Failure(exitCodes.refused, 'device-not-found', 'You have no active device that shows codes.');
  }
  if (active.length === 1) return device;
  throw usageFailure(`Which device? Name one of ${active.map(({ id }) => id).join(', ')}.`);
}
