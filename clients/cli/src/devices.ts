import { type DeviceSummary, paginate } from '../../typescript/src/index.ts';
import type { Context } from './context.ts';
import { exitCodes, Failure } from './failure.ts';
import { harmless } from './text.ts';

/** All of the user's devices, both active and pending. */
export function listDevices(context: Context): Promise<readonly DeviceSummary[]> {
  return context.call(async ({ listMfaDevices }, options) => {
    const devices: DeviceSummary[] = [];
    for await (const device of paginate(listMfaDevices, {}, options)) devices.push(device);
    return devices;
  });
}

/** Finds a device by id, name or serial number. */
export function deviceNamed(devices: readonly DeviceSummary[], text: string): DeviceSummary {
  const byId = devices.find(({ id }) => id === text);
  const byName = devices.filter(({ name, serialNumber }) => name === text || serialNumber === text);
  const [device, ...others] = byId ? [byId] : byName;
  const given = harmless(text);
  if (device === undefined) {
    throw new Failure(
      exitCodes.refused,
      'device-not-found',
      `You have no device "${given}". List your devices with "iam-mfa status".`,
    );
  }
  if (others.length === 0) return device;
  const ids = byName.map(({ id }) => id).join(', ');
  throw new Failure(
    exitCodes.refused,
    'ambiguous-device',
    `Several devices are named "${given}". Use an id instead: ${ids}.`,
  );
}
