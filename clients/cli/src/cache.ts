import { createHash, randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { constants, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../../typescript/src/index.ts';
import { isErrno } from './aws/profiles.ts';
import { exitCodes, Failure } from './failure.ts';

/** Sessions belong to one access key at one API. */
export interface CacheOwner {
  readonly accessKeyId: string;
  readonly apiUrl: string;
}

/** `session` is handed out by the command of that name; `step-up` serves commands that need recent MFA. */
export type CachedKind = 'session' | 'step-up';

/**
 * Keeps MFA sessions in files that only their owner can read. A file or folder that is a symbolic link, belongs to
 * another user or is open to others is neither read nor written: anyone able to write it could plant their own session.
 */
export class SessionCache {
  readonly #folder: string;
  readonly #uid: number | undefined;

  /** Without a uid (Windows), ownership cannot be verified, so nothing is kept. */
  constructor(folder: string, uid: number | undefined) {
    this.#folder = folder;
    this.#uid = uid;
  }

  /** Returns the kept session if its remaining lifetime is above `atLeastMs` and at most `atMostMs`. */
  async read(
    kind: CachedKind,
    owner: CacheOwner,
    atLeastMs: number,
    atMostMs = Number.POSITIVE_INFINITY,
  ): Promise<Session | undefined> {
    if (this.#uid === undefined) return undefined;
    const path = this.#path(kind, owner);
    if (!(await this.#exists())) return undefined;
    const text = await readOwn(path, this.#uid);
    const session = text === undefined ? undefined : parseSession(text);
    if (session === undefined) return undefined;
    const left = Date.parse(session.expiration) - Date.now();
    return left > atLeastMs && left <= atMostMs ? session : undefined;
  }

  /** Replaces the file atomically, so that no reader sees half of it. */
  async write(kind: CachedKind, owner: CacheOwner, session: Session): Promise<void> {
    if (this.#uid === undefined) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await this.#exists();
    const path = this.#path(kind, owner);
    await readOwn(path, this.#uid);
    const draft = `${path}.${randomUUID()}`;
    try {
      const file = await open(draft, 'wx', 0o600);
      try {
        await file.writeFile(JSON.stringify(session));
        await file.chmod(0o600);
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async forget(owner: CacheOwner): Promise<void> {
    const kinds: readonly CachedKind[] = ['session', 'step-up'];
    for (const kind of kinds) await rm(this.#path(kind, owner), { force: true });
  }

  #path(kind: CachedKind, { accessKeyId, apiUrl }: CacheOwner): string {
    const hash = createHash('sha256')
      .update(JSON.stringify([accessKeyId, apiUrl]))
      .digest('hex');
    return join(this.#folder, `${kind}-${hash.slice(0, 32)}.json`);
  }

  /** Throws if others can write to the folder. */
  async #exists(): Promise<boolean> {
    const stats = await lstatIfThere(this.#folder);
    if (stats === undefined) return false;
    if (!stats.isDirectory() || stats.uid !== this.#uid || (stats.mode & 0o022) !== 0)
      throw unsafe(this.#folder, '0700');
    return true;
  }
}

/** Reads the user's file, if it exists; throws unless it is theirs alone. */
export async function readOwn(path: string, uid: number | undefined): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw isErrno(error, 'ELOOP', 'EACCES') ? unsafe(path, '0600') : error;
  });
  if (file === undefined) return undefined;
  try {
    const stats = await file.stat();
    if (!stats.isFile() || stats.uid !== uid || (stats.mode & 0o077) !== 0) throw unsafe(path, '0600');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return lstat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  });
}

const unsafe = (path: string, mode: string): Failure =>
  new Failure(
    exitCodes.refused,
    'unsafe-cache',
    `${path} is accessible to others, so it was neither read nor written. Find out who created it, then delete it ` +
      `or take ownership and set mode ${mode}. Use --no-cache to work without it.`,
  );

function parseSession(text: string): Session | undefined {
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = Object(JSON.parse(text));
    const session = { accessKeyId, secretAccessKey, sessionToken, expiration };
    return Object.values(session).every((value) => typeof value === 'string') ? session : undefined;
  } catch {
    return undefined;
  }
}
