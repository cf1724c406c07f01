import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const held = new Set<string>();

/**
 * Locks a folder for this process: two stacks writing to the same one would lose each other's changes. A lock left
 * behind by a process that has ended is ignored. Returns a function that unlocks; throws if the folder is in use.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(resolve(folder), 'lock');
  const holder = holderOf(path);
  if (holder !== undefined) {
    throw new Error(
      `${folder} is in use by process ${holder}; set DATA_DIR to another folder, or remove ${path}`,
    );
  }
  rmSync(path, { force: true });
  // Fails if another process was faster.
  writeFileSync(path, String(process.pid), { flag: 'wx' });
  held.add(path);
  return () => {
    held.delete(path);
    rmSync(path, { force: true });
  };
}

/** The running process that holds the lock. In a container, an earlier process may have had this one's id. */
function holderOf(path: string): number | undefined {
  const pid = Number(readIfExists(path));
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (pid === process.pid) return held.has(path) ? pid : undefined;
  return isAlive(pid) ? pid : undefined;
}

function readIfExists(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is running, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
