import { constants, type FileHandle, open, rm } from 'node:fs/promises';
import * as z from 'zod/mini';
import { isErrno } from '../aws/profiles.ts';
import { exitCodes, Failure, usageFailure } from '../failure.ts';
import { type AccountCoverage, accountCoverage } from './account-coverage.ts';
import type { ListedAccount } from './accounts-file.ts';

const format = 'iam-mfa coverage 1';

const heading = z.strictObject({ format: z.literal(format) });

/** An account that was asked. There is no secret in it, but it says who lacks MFA. */
const line = z.strictObject({
  account: z.string(),
  url: z.string(),
  takenAt: z.iso.datetime(),
  coverage: accountCoverage,
});

/** Milliseconds after which an account is asked again. */
const longest = 24 * 3_600_000;

/** What an interrupted run has done so far, in a file of its user: a heading, then a line of JSON per account. */
export class Progress {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #done: ReadonlyMap<string, AccountCoverage>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, done: ReadonlyMap<string, AccountCoverage>) {
    this.#path = path;
    this.#file = file;
    this.#done = done;
  }

  /** Creates the file, or continues with what is in it. */
  static async open(path: string): Promise<Progress> {
    const file = await openOwn(path);
    try {
      // A run that was killed may have left half a line.
      const content = (await file.readFile('utf8')).replace(/[^\n]*$/, '');
      await file.truncate(Buffer.byteLength(content));
      const lines = content.split('\n').slice(0, -1);
      if (lines.length === 0) await file.appendFile(`${JSON.stringify({ format })}\n`);
      return new Progress(path, file, doneIn(lines, path));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  of({ account, url }: ListedAccount): AccountCoverage | undefined {
    return this.#done.get(keyOf(account, url));
  }

  /** Appends one line at a time, whoever else is appending. */
  add({ account, url }: ListedAccount, coverage: AccountCoverage): Promise<void> {
    const text = `${JSON.stringify({ account, url, takenAt: new Date().toISOString(), coverage })}\n`;
    this.#writing = this.#writing.then(() => this.#file.appendFile(text));
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Nothing is left to continue. */
  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

const keyOf = (account: string, url: string): string => JSON.stringify([account, url]);

/** Throws if the file is something else, which must not be appended to. */
function doneIn(lines: readonly string[], path: string): ReadonlyMap<string, AccountCoverage> {
  const [first, ...rest] = lines.map(parsed);
  if (lines.length > 0 && !heading.safeParse(first).success) throw foreign(path);
  const done = new Map<string, AccountCoverage>();
  for (const value of rest) {
    const { data } = line.safeParse(value);
    if (data === undefined) throw foreign(path);
    const age = Date.now() - Date.parse(data.takenAt);
    if (age >= 0 && age < longest) done.set(keyOf(data.account, data.url), data.coverage);
  }
  return done;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Opens a file that is the user's alone: whoever else could write to it could say that everybody has MFA. */
async function openOwn(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
  const file = await open(path, flags, 0o600).catch((error: Error) => {
    throw isErrno(error, 'ELOOP') ? unsafe(path) : usageFailure(`Could not open ${path}: ${error.message}`);
  });
  const stats = await file.stat();
  const uid = process.getuid?.();
  if (stats.isFile() && (uid === undefined || (stats.uid === uid && (stats.mode & 0o077) === 0))) return file;
  await file.close();
  throw unsafe(path);
}

const foreign = (path: string): Failure =>
  usageFailure(`${path} is not what an interrupted "iam-mfa coverage" left. Give --state another file.`);

const unsafe = (path: string): Failure =>
  new Failure(
    exitCodes.refused,
    'unsafe-state',
    `${path} is a link or accessible to others, so it was not used. Give --state a new file, or set mode 0600.`,
  );
