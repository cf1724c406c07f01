import type { Session } from '../../../typescript/src/index.ts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { localTime } from '../text.ts';

export interface SessionOptions {
  readonly format: 'env' | 'profile' | 'credential-process';
  /** Seconds; by default 12 hours, and any kept session will do. */
  readonly duration?: number | undefined;
  /** Name of the printed profile. */
  readonly name?: string | undefined;
  readonly forget?: boolean | undefined;
  /** Gets a new session even if one is kept. */
  readonly renew?: boolean | undefined;
}

/** Seconds. */
const usualDuration = 43_200;

/** Milliseconds a kept session must have left. SDKs renew credentials with less than 15 minutes left. */
const leastLeft = 15 * 60_000;

/** Milliseconds by which this machine's clock may lag. */
const clockMargin = 60_000;

/** Prints an MFA session for other programs, from the cache if possible. */
export async function session(context: Context, options: SessionOptions): Promise<void> {
  if (options.forget) return forget(context);
  const kept = options.renew ? undefined : await keptSession(context, options.duration);
  const given = kept ?? (await context.obtainSession(options.duration ?? usualDuration));
  if (kept === undefined) await keep(context, given);
  print(context, given, options);
  if (options.format !== 'credential-process') {
    context.terminal.note(`The session expires at ${localTime(given.expiration)}.`);
  }
}

/** With an explicit duration, a session that lasts no longer than that and at least half as long. */
function keptSession(context: Context, duration: number | undefined): Promise<Session | undefined> {
  if (duration === undefined) return context.cachedSession('session', leastLeft);
  return context.cachedSession('session', duration * 500, duration * 1000 + clockMargin);
}

/** A session that cannot be kept is still printed. */
async function keep(context: Context, given: Session): Promise<void> {
  try {
    await context.keepSession('session', given);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given';
    context.terminal.note(`The session could not be saved: ${reason}`);
  }
}

async function forget(context: Context): Promise<void> {
  await context.forgetSessions();
  context.terminal.note('Saved sessions deleted. Credentials already printed stay valid until they expire.');
}

function print(
  { terminal, profile }: Context,
  given: Session,
  { format, name }: Pick<SessionOptions, 'format' | 'name'>,
): void {
  assertPlain(given);
  if (format === 'credential-process') {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = given;
    const document = {
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    };
    terminal.print(JSON.stringify(document));
  } else if (format === 'profile') {
    const title = name ?? `${profile ?? 'default'}-mfa`;
    terminal.result(given, () =>
      [`[${title}]`, ...settings(given, (key, value) => `${key} = ${value}`)].join('\n'),
    );
  } else {
    terminal.result(given, () =>
      settings(given, (key, value) => `export ${key.toUpperCase()}='${value}'`).join('\n'),
    );
  }
}

function settings(given: Session, line: (key: string, value: string) => string): string[] {
  return [
    line('aws_access_key_id', given.accessKeyId),
    line('aws_secret_access_key', given.secretAccessKey),
    line('aws_session_token', given.sessionToken),
  ];
}

/** Shells evaluate the output, so it may contain only characters that credentials consist of. */
function assertPlain({ accessKeyId, secretAccessKey, sessionToken, expiration }: Session): void {
  if ([accessKeyId, secretAccessKey, sessionToken, expiration].every((text) => /^[\w+/=.:-]+$/.test(text)))
    return;
  throw new Failure(
    exitCodes.network,
    'unexpected-answer',
    'The session contains characters that credentials cannot have.',
  );
}
