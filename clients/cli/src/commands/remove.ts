import type { Context } from '../context.ts';
import { deviceNamed, listDevices } from '../devices.ts';
import { exitCodes, Failure } from '../failure.ts';
import { harmless } from '../text.ts';

/** Deactivates a device and deletes it. The API refuses the last active one. */
export async function remove(
  context: Context,
  name: string,
  { yes = false }: { readonly yes?: boolean | undefined },
): Promise<void> {
  const device = deviceNamed(await listDevices(context), name);
  if (!yes) await confirm(context, `Remove ${device.name} (${device.status})?`);
  await context.call((client, options) => client.deleteMfaDevice({ deviceId: device.id }, options));
  context.terminal.result({ removed: device }, () => `${harmless(device.name)} has been removed.`);
  context.terminal.note('Delete it from your authenticator app too.');
}

/** Throws a failure unless the user says yes. */
export async function confirm({ terminal }: Context, question: string): Promise<void> {
  const answer = await terminal.ask(() => `${question} [y/N] `);
  if (/^y(es)?$/i.test(answer)) return;
  throw new Failure(exitCodes.refused, 'not-confirmed', 'Nothing was changed.');
}
