import { open, rm } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Client, EnabledDevice, GetMeOutput } from '../../typescript/src/index.ts';
import type { Context } from './context.ts';
import { usageFailure } from './failure.ts';
import { duration, harmless } from './text.ts';
import { serverClock, type TwoCodes, withTwoCodes } from './two-codes.ts';

export interface EnrolmentOptions {
  readonly label?: string | undefined;
  readonly pass?: string | undefined;
  readonly png?: string | undefined;
  readonly svg?: string | undefined;
  readonly seed?: boolean | undefined;
}

type Accept = { readonly signal: AbortSignal; readonly accept: 'image/svg+xml' | 'text/plain' };

/** What differs between a first device and a further one, which needs MFA. */
interface Routes {
  json(input: { name: string }, options: { signal: AbortSignal }): ReturnType<Client['createMfaDevice']>;
  text(input: { name: string }, options: Accept): Promise<string>;
  png(input: { name: string }, options: { signal: AbortSignal }): Promise<Uint8Array>;
  enable(name: string, codes: TwoCodes, options: { signal: AbortSignal }): Promise<EnabledDevice>;
}

export interface Enrolment {
  readonly name: string;
  readonly options: EnrolmentOptions;
  readonly me: GetMeOutput;
  /** The device whose place this one takes. */
  readonly replaces?: string | undefined;
  readonly given?: TwoCodes | undefined;
}

function firstRoutes(client: Client, { label, pass }: EnrolmentOptions): Routes {
  const more = { label, pass };
  return {
    json: (input, options) => client.createFirstMfaDevice({ ...input, ...more }, options),
    text: (input, options) => client.createFirstMfaDevice({ ...input, ...more }, options),
    png: (input, options) =>
      client.createFirstMfaDevice({ ...input, ...more }, { ...options, accept: 'image/png' }),
    enable: (deviceId, codes, options) => client.enableFirstMfaDevice({ deviceId, ...codes, pass }, options),
  };
}

function furtherRoutes(client: Client, { label }: EnrolmentOptions, replaces?: string): Routes {
  return {
    json: (input, options) => client.createMfaDevice({ ...input, label }, options),
    text: (input, options) => client.createMfaDevice({ ...input, label }, options),
    png: (input, options) => client.createMfaDevice({ ...input, label }, { ...options, accept: 'image/png' }),
    enable: (deviceId, codes, options) => client.enableMfaDevice({ deviceId, ...codes, replaces }, options),
  };
}

async function routesFor(context: Context, { me, options, replaces }: Enrolment): Promise<Routes> {
  const client = await context.client();
  if (me.mfa.active === 0) return firstRoutes(client, options);
  if (options.pass !== undefined) throw usageFailure('A pass is for a first device; you have one already.');
  return furtherRoutes(client, options, replaces);
}

/** Creates a device and shows its seed in the way that was asked for. */
export async function create(context: Context, enrolment: Enrolment): Promise<void> {
  const { name, options } = enrolment;
  const routes = await routesFor(context, enrolment);
  const { terminal, signal } = context;
  const wait = <T>(work: Promise<T>) => terminal.during('Creating the device', work);
  const { png, svg } = options;
  if (png !== undefined) {
    await save(context, png, () => wait(routes.png({ name }, { signal })));
  } else if (svg !== undefined) {
    await save(context, svg, () => wait(routes.text({ name }, { signal, accept: 'image/svg+xml' })));
  } else if (options.seed) {
    const { base32Seed } = await wait(routes.json({ name }, { signal }));
    terminal.note('Type this key into your authenticator app (time based, 6 digits):');
    terminal.show(`\n  ${inGroups(base32Seed)}\n`);
  } else {
    showCode(context, await wait(routes.text({ name }, { signal, accept: 'text/plain' })));
  }
}

/** With colours of its own: light on dark, many apps cannot read it. */
function showCode({ terminal }: Context, text: string): void {
  const lines = stripVTControlCharacters(text).trimEnd().split('\n').map(harmless);
  const width = Math.max(...lines.map((line) => line.length));
  terminal.assertWidth(width, 'Widen it, or use --png FILE, --svg FILE or --seed.');
  terminal.note('Scan this with your authenticator app (--png, --svg and --seed show it in other ways):');
  const coloured = lines.map((line) => terminal.style('blackOnWhite', line.padEnd(width)));
  terminal.show(`\n${coloured.join('\n')}\n`);
}

/** Enables a pending device, asking for its codes unless they were given, and tells from when on it can be used. */
export async function enable(context: Context, enrolment: Enrolment): Promise<EnabledDevice> {
  const { name, me, given } = enrolment;
  const { terminal, signal } = context;
  const routes = await routesFor(context, enrolment);
  const now = serverClock(me.serverTime);
  const enabled = await withTwoCodes(context, { device: name, now, given }, (codes) =>
    terminal.during('Enabling the device', routes.enable(name, codes, { signal })),
  );
  terminal.result(enabled, () => {
    const seconds = Date.parse(enabled.usableForSessionsFrom) / 1000 - now();
    const when = seconds > 0 ? `It can be used in ${duration(seconds)}.` : 'It can be used.';
    return `${terminal.style('green', `${harmless(enabled.name)} is enabled.`, 'stdout')} ${when}`;
  });
  return enabled;
}

/** Ctrl-C, or codes that are not accepted, leave a pending device: says how to go on with it. */
export async function withHint<T>(
  { terminal }: Context,
  name: string,
  more: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const words = name.startsWith('-') ? `${more} -- ${name}` : `${more} ${name}`;
    terminal.note(
      `"${harmless(name)}" is not enabled yet. If you have scanned its code, go on with "iam-mfa enable${words}"; ` +
        'else run the same command again for a new code. What is not enabled is deleted after an hour.',
    );
    throw error;
  }
}

/** For its owner's eyes only, never over a file that is there, and there before a device is created for it. */
async function save(
  { terminal }: Context,
  path: string,
  content: () => Promise<Uint8Array | string>,
): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : 'no reason given';
    throw usageFailure(`${path} cannot be written: ${reason}`);
  });
  try {
    await file.writeFile(await content());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  terminal.note(`The QR code is in ${path}. Scan it with your authenticator app, then delete the file.`);
}

/** In fours, as it is easier to type. */
const inGroups = (seed: string): string => seed.replace(/(.{4})(?=.)/g, '$1 ');
