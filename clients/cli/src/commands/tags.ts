import type { Context } from '../context.ts';
import { deviceNamed, listDevices } from '../devices.ts';
import { usageFailure } from '../failure.ts';
import { harmless, table } from '../text.ts';

const idOf = async (context: Context, name: string): Promise<string> =>
  deviceNamed(await listDevices(context), name).id;

type Tags = Readonly<Record<string, string>>;

function show({ terminal }: Context, tags: Tags): void {
  terminal.result({ tags }, () =>
    Object.keys(tags).length === 0 ? 'No tags.' : table(['KEY', 'VALUE'], Object.entries(tags)),
  );
}

export async function listTags(context: Context, name: string): Promise<void> {
  const deviceId = await idOf(context, name);
  const { tags } = await context.call((client, options) => client.listMfaDeviceTags({ deviceId }, options));
  show(context, tags);
}

export async function tag(context: Context, name: string, pairs: readonly string[]): Promise<void> {
  const given = Object.fromEntries(pairs.map(keyAndValue));
  const deviceId = await idOf(context, name);
  const { tags } = await context.call((client, options) =>
    client.tagMfaDevice({ deviceId, tags: given }, options),
  );
  show(context, tags);
}

export async function untag(context: Context, name: string, key: readonly string[]): Promise<void> {
  const deviceId = await idOf(context, name);
  await context.call((client, options) => client.untagMfaDevice({ deviceId, key }, options));
  const { tags } = await context.call((client, options) => client.listMfaDeviceTags({ deviceId }, options));
  show(context, tags);
}

/** AWS allows `=` in keys too; here only values can contain it. */
function keyAndValue(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageFailure(`"${harmless(text)}" is not a tag: use KEY=VALUE.`);
}
