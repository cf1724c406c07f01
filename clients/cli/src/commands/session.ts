import type { Session } from '../../../typescript/src/index.ts';
import type { Context } from '../context.ts';
import { exitCodes, Failure } from '../failure.ts';
import { localTime } from '../text.ts';

export interface SessionOptions {
  readonly format: 'env' | 'profile' | 'credential-process';
  /** Seconds; without it what is kept may last as long as it does. */
  readonly duration?: number | undefined;
  /** Of the profile that is printed. */
  readonly name?: string | undefined;
  readonly forget?: boolean | undefined;
  /** Asks for a code though a session is kept. */
  readonly renew?: boolean | undefined;
}

/** Seconds that a session lasts unless the user says how long. */
const usualDuration = 43_200;

/** Milliseconds that a kept session must still last to be given out. SDKs renew what lasts less than 15 minutes. */
const leastLeft = 15 * 60_000;

/** Milliseconds by which the clock of this machine may be slow. */
const clockMargin = 60_000;

/** Prints a session with MFA for other programs, from the cache where one is kept. */
export async function session(context: Context, options: SessionOptions): Promise<void> {
  if (options.forget) return forget(context);
  const kept = options.renew ? undefined : await keptSession(context, options.duration);
  const given = kept ?? (await context.obtainSession(options.duration ?? usualDuration));
  if (kept === undefined) await keep(context, given);
  print(context, given, options);
  if (options.format !== 'credential-process') {
    context.terminal.note(`It lasts until ${localTime(given.expiration)}.`);
  }
}

/** Who says how long gets nothing that lasts longer, and nothing that is half over. */
function keptSession(context: Context, duration: number | undefined): Promise<Session | undefined> {
  if (duration === undefined) return context.cachedSession('session', leastLeft);
  return context.cachedSession('session', duration * 500, duration * 1000 + clockMargin);
}

/** A session that cannot be kept is given out all the same. */
async function keep(context: Context, given: Session): Promise<void> {
  try {
    await context.keepSession('session', given);
  } catch (error) {
    context.terminal.note(`It is not kept: ${error instanceof Error ? error.message : 'no reason given'}`);
  }
}

async function forget(context: Context): Promise<void> {
  await context.forgetSessions();
  context.terminal.note('No session is kept any more. What was given out lasts until it expires.');
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

/** Shells evaluate what is printed: it must be nothing but what credentials are made of. */
function assertPlain({ accessKeyId, secretAccessKey, sessionToken, expiration }: Session): void {
  if ([accessKeyId, secretAccessKey, sessionToken, expiration].every((text) => /^[\w+/=.:-]+$/.test(text)))
    return;
  throw new Failure(exitCodes.network, 'unexpected-answer', 'The session is not what credentials look like.');
}
