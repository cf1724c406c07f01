import { open, rm } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { type Client, type EnabledDevice, type GetMeOutput, isProblem } from '../../typescript/src/index.ts';
import type { Context } from './context.ts';
import { usageFailure } from './failure.ts';
import type { EnrolmentPass, GivenPass } from './pass.ts';
import { duration, shellWord } from './text.ts';
import { serverClock, type TwoCodes, withTwoCodes } from './two-codes.ts';

export interface EnrolmentOptions {
  readonly label?: string | undefined;
  readonly pass?: GivenPass;
  readonly png?: string | undefined;
  readonly svg?: string | undefined;
  readonly seed?: boolean | undefined;
}

type Accept = { readonly signal: AbortSignal; readonly accept: 'image/svg+xml' | 'text/plain' };

/** The calls that differ between a first device and a further one, which needs MFA. */
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
  readonly pass: EnrolmentPass;
  /** Id of the device this one replaces. */
  readonly replaces?: string | undefined;
  readonly given?: TwoCodes | undefined;
}

function firstRoutes(client: Client, { label }: EnrolmentOptions, holder: EnrolmentPass): Routes {
  return {
    json: (input, options) =>
      holder.with((pass) => client.createFirstMfaDevice({ ...input, label, pass }, options)),
    text: (input, options) =>
      holder.with((pass) => client.createFirstMfaDevice({ ...input, label, pass }, options)),
    png: (input, options) =>
      holder.with((pass) =>
        client.createFirstMfaDevice({ ...input, label, pass }, { ...options, accept: 'image/png' }),
      ),
    enable: (deviceId, codes, options) =>
      holder.with((pass) => client.enableFirstMfaDevice({ deviceId, ...codes, pass }, options)),
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

async function routesFor(context: Context, { me, options, replaces, pass }: Enrolment): Promise<Routes> {
  const client = await context.client();
  if (me.mfa.active === 0) return firstRoutes(client, options, pass);
  if (pass.given) throw usageFailure('A pass is only for a first device; you already have one.');
  return furtherRoutes(client, options, replaces);
}

/** Creates a device and shows its seed in the requested form. */
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
    terminal.note('Enter this key in your authenticator app (time-based, 6 digits):');
    terminal.show(`\n  ${inGroups(base32Seed)}\n`);
  } else {
    showCode(context, await wait(routes.text({ name }, { signal, accept: 'text/plain' })));
  }
}

/** Sets its own colours: many apps cannot read light-on-dark codes. */
function showCode({ terminal }: Context, text: string): void {
  const lines = stripVTControlCharacters(text).trimEnd().split('\n');
  const width = Math.max(...lines.map((line) => line.length));
  terminal.assertWidth(width, 'Widen it, or use --png FILE, --svg FILE or --seed.');
  terminal.note('Scan this with your authenticator app (or use --png, --svg or --seed instead):');
  const coloured = lines.map((line) => ({ style: 'blackOnWhite', text: line.padEnd(width) }) as const);
  terminal.show(['\n', ...coloured.flatMap((line) => [line, '\n'])]);
}

/** Enables a pending device, asking for its codes unless given, and says when it can be used. */
export async function enable(
  context: Context,
  enrolment: Enrolment,
  send = <T>(sent: Promise<T>) => sent,
): Promise<EnabledDevice> {
  const { name, me, given } = enrolment;
  const { terminal, signal } = context;
  const routes = await routesFor(context, enrolment);
  const now = serverClock(me.serverTime);
  const enabled = await withTwoCodes(context, { device: name, now, given }, (codes) =>
    terminal.during('Enabling the device', send(routes.enable(name, codes, { signal }))),
  );
  terminal.result(enabled, () => {
    const seconds = Date.parse(enabled.usableForSessionsFrom) / 1000 - now();
    const when = seconds > 0 ? `You can use it in ${duration(seconds)}.` : 'You can use it now.';
    return [{ style: 'green', text: `${enabled.name} is enabled.` }, ` ${when}`];
  });
  return enabled;
}

/** Enables a device just created. A failure usually leaves it pending, so the user is told how to continue. */
export async function enableCreated(context: Context, enrolment: Enrolment): Promise<EnabledDevice> {
  let open = false;
  try {
    return await enable(context, enrolment, (sent) =>
      sent.catch((error: unknown) => {
        open = !isRefusal(error);
        throw error;
      }),
    );
  } catch (error) {
    context.terminal.note(hint(enrolment, open));
    throw error;
  }
}

/** A refusal means the device is not enabled; after any other failure it may be. */
const isRefusal = (error: unknown): boolean => isProblem(error) && error.status < 500;

function hint({ name, replaces }: Enrolment, open: boolean): string {
  const more = replaces === undefined ? '' : ` ${shellWord(`--replaces=${replaces}`)}`;
  const command = `iam-mfa enable${more}${name.startsWith('-') ? ' --' : ''} ${shellWord(name)}`;
  const state = open
    ? `"${name}" may or may not be enabled: check with "iam-mfa status". If it is pending and`
    : `"${name}" is not enabled yet. If`;
  return (
    `${state} you have scanned its QR code, continue with "${command}". Otherwise run the same command again for a ` +
    'new QR code. Devices that are not enabled are deleted after an hour.'
  );
}

/**
 * Saves a QR code to a new file that only its owner can read. The file is opened before the device is created, and an
 * existing one is never overwritten.
 */
async function save(
  { terminal }: Context,
  path: string,
  content: () => Promise<Uint8Array | string>,
): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : 'no reason given';
    throw usageFailure(`Could not write ${path}: ${reason}`);
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

/** In groups of four, which are easier to type. */
const inGroups = (seed: string): string => seed.replace(/(.{4})(?=.)/g, '$1 ');
