import { hardwareSerialNumberPattern } from '../../../../shared/contract/patterns.ts';
import type { DeviceSummary } from '../../../typescript/src/index.ts';
import type { Context } from '../context.ts';
import { deviceNamed, listDevices } from '../devices.ts';
import { create, type EnrolmentOptions, enable, enableCreated } from '../enrolment.ts';
import { exitCodes, Failure, usageFailure } from '../failure.ts';
import { EnrolmentPass, type GivenPass } from '../pass.ts';
import { harmless } from '../text.ts';
import { givenCodes, serverClock, withTwoCodes } from '../two-codes.ts';
import { confirm } from './remove.ts';

const getMe = (context: Context) => context.call((client, options) => client.getMe(options));

/** Creates and enables a device: the first with the access key alone, any further one with MFA. */
export async function add(context: Context, name: string, options: EnrolmentOptions): Promise<void> {
  const pass = new EnrolmentPass(context.terminal, options.pass);
  const enrolment = { name, options, pass, me: await getMe(context) };
  await create(context, enrolment);
  await enableCreated(context, enrolment);
}

export interface EnableOptions {
  readonly pass?: GivenPass;
  readonly replaces?: string | undefined;
  readonly hardware?: boolean | undefined;
}

/** Enables a device that `add` left pending, or a hardware token. */
export async function enablePending(
  context: Context,
  name: string | undefined,
  codes: readonly string[],
  options: EnableOptions,
): Promise<void> {
  const given = givenCodes(codes);
  const pass = new EnrolmentPass(context.terminal, options.pass);
  if (options.hardware) return enableHardware(context, name, codes);
  const [me, devices] = await Promise.all([getMe(context), listDevices(context)]);
  const device = name === undefined ? onlyPending(devices) : deviceNamed(devices, name);
  const replaces = options.replaces && deviceNamed(devices, options.replaces).id;
  if (device.status === 'active' && !replaces) {
    return context.terminal.result(device, () => `${harmless(device.name)} is already active.`);
  }
  await enable(context, { name: device.id, options, pass, me, replaces, given });
}

function onlyPending(devices: readonly DeviceSummary[]): DeviceSummary {
  const pending = devices.filter(({ status }) => status === 'pending');
  const [device] = pending;
  if (device === undefined) {
    throw new Failure(
      exitCodes.refused,
      'device-not-found',
      'No device is waiting to be enabled. Add one first.',
    );
  }
  if (pending.length === 1) return device;
  throw usageFailure(
    `Several devices are waiting to be enabled: ${pending.map(({ id }) => id).join(', ')}. Name one of them.`,
  );
}

async function enableHardware(
  context: Context,
  serialNumber: string | undefined,
  codes: readonly string[],
): Promise<void> {
  if (serialNumber === undefined || !hardwareSerialNumberPattern.test(serialNumber))
    throw usageFailure('Give the serial number printed on the token: 9 or more letters and digits.');
  const { serverTime } = await getMe(context);
  const wanted = { device: serialNumber, now: serverClock(serverTime), given: givenCodes(codes) };
  const enabled = await withTwoCodes(context, wanted, (two) =>
    context.call((client, options) => client.enableHardwareMfaDevice({ serialNumber, ...two }, options)),
  );
  context.terminal.result(enabled, () => `${harmless(enabled.name)} is enabled.`);
}

/** Replaces a device with a new one; the old one is removed only once the new one is active. */
export async function replace(
  context: Context,
  oldName: string,
  newName: string,
  options: EnrolmentOptions & { readonly yes?: boolean | undefined },
): Promise<void> {
  const [me, devices] = await Promise.all([getMe(context), listDevices(context)]);
  const old = deviceNamed(devices, oldName);
  if (old.id === newName) throw usageFailure('The new device needs a different name.');
  if (old.status !== 'active')
    throw usageFailure(`${harmless(old.name)} is not active. Just add the new device.`);
  const existing = devices.find(({ id }) => id === newName);
  if (existing?.status === 'active') return removeReplaced(context, old, existing, options.yes ?? false);
  const pass = new EnrolmentPass(context.terminal, undefined);
  const enrolment = { name: newName, options, pass, me, replaces: old.id };
  await create(context, enrolment);
  await enableCreated(context, enrolment);
  context.terminal.note(`${harmless(old.name)} has been removed. Delete it from your authenticator app too.`);
}

/** Finishes a replacement that failed half-way. */
async function removeReplaced(
  context: Context,
  old: DeviceSummary,
  existing: DeviceSummary,
  yes: boolean,
): Promise<void> {
  const question = `${harmless(existing.name)} is already active. Remove ${harmless(old.name)}?`;
  if (!yes) await confirm(context, question);
  await context.call((client, options) => client.deleteMfaDevice({ deviceId: old.id }, options));
  context.terminal.result(
    existing,
    () => `${harmless(old.name)} has been removed; ${harmless(existing.name)} is still active.`,
  );
}
