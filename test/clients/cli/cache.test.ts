import { chmod, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readOwn, SessionCache } from '../../../clients/cli/src/cache.ts';
import { session } from '../typescript/fake-api.ts';
import { useHome } from './command.ts';

const home = useHome();
const owner = { accessKeyId: 'AKIAEXAMPLE', apiUrl: 'https://example.com' };
const unsafe = { code: 'unsafe-cache', exitCode: 1 };

let folder = '';
const uid = process.getuid?.();
let cache = new SessionCache('', uid);
beforeEach(() => {
  folder = join(home.folder, 'cache');
  cache = new SessionCache(folder, uid);
});

const onlyFile = async () => join(folder, (await readdir(folder))[0] ?? '');

it('returns a session to the same key at the same API', async () => {
  await cache.write('session', owner, session);
  expect(await cache.read('session', owner, 0)).toEqual(session);
  expect(await cache.read('step-up', owner, 0)).toBeUndefined();
  expect(await cache.read('session', { ...owner, accessKeyId: 'AKIAOTHER' }, 0)).toBeUndefined();
  expect(await cache.read('session', { ...owner, apiUrl: 'https://example.org' }, 0)).toBeUndefined();
});

it('leaves nothing else in its folder after concurrent writes', async () => {
  await Promise.all(Array.from({ length: 10 }, () => cache.write('session', owner, session)));
  expect(await readdir(folder)).toHaveLength(1);
});

it('returns no session that expires too soon', async () => {
  const expiration = new Date(Date.now() + 60_000).toISOString();
  await cache.write('session', owner, { ...session, expiration });
  expect(await cache.read('session', owner, 30_000)).toMatchObject({ expiration });
  expect(await cache.read('session', owner, 90_000)).toBeUndefined();
});

it('returns no session that lasts longer than requested', async () => {
  const expiration = new Date(Date.now() + 60_000).toISOString();
  await cache.write('session', owner, { ...session, expiration });
  expect(await cache.read('session', owner, 0, 60_000)).toMatchObject({ expiration });
  expect(await cache.read('session', owner, 0, 50_000)).toBeUndefined();
});

it('keeps nothing on systems without file owners', async () => {
  const used = new SessionCache(folder, undefined);
  await used.write('session', owner, session);
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
  await cache.write('session', owner, session);
  expect(await used.read('session', owner, 0)).toBeUndefined();
});

it('ignores a file that holds no session', async () => {
  await cache.write('session', owner, session);
  for (const text of ['', '{}', 'null', '{"accessKeyId":1}']) {
    await writeFile(await onlyFile(), text);
    expect(await cache.read('session', owner, 0)).toBeUndefined();
  }
});

describe('what others could have written is neither read nor written', () => {
  const refused = async (used = cache) => {
    await expect(used.read('session', owner, 0)).rejects.toMatchObject(unsafe);
    await expect(used.write('session', owner, session)).rejects.toMatchObject(unsafe);
  };

  it.each([0o640, 0o604, 0o620, 0o602, 0o644])('a file with mode %o', async (mode) => {
    await cache.write('session', owner, session);
    await chmod(await onlyFile(), mode);
    await refused();
  });

  it.each([0o770, 0o702, 0o777])('a folder with mode %o', async (mode) => {
    await cache.write('session', owner, session);
    await chmod(folder, mode);
    await refused();
  });

  const somebodyElse = (process.getuid?.() ?? 0) + 1;

  it('a file of another user', async () => {
    await cache.write('session', owner, session);
    await expect(readOwn(await onlyFile(), somebodyElse)).rejects.toMatchObject(unsafe);
    expect(JSON.parse((await readOwn(await onlyFile(), somebodyElse - 1)) ?? '')).toEqual(session);
  });

  it('a folder of another user, even an empty one', async () => {
    await mkdir(folder, { mode: 0o700 });
    await refused(new SessionCache(folder, somebodyElse));
    expect(await readdir(folder)).toEqual([]);
  });

  it('a symbolic link instead of the file', async () => {
    await cache.write('session', owner, session);
    const file = await onlyFile();
    await rename(file, join(home.folder, 'planted'));
    await symlink(join(home.folder, 'planted'), file);
    await refused();
  });

  it('a symbolic link instead of the folder', async () => {
    await cache.write('session', owner, session);
    await rename(folder, join(home.folder, 'planted'));
    await symlink(join(home.folder, 'planted'), folder);
    await refused();
  });
});
