import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const held = new Set<string>();

/** A process that was killed may take a moment to end. */
const patience = { attempts: 30, pauseMs: 100 };

/**
 * Locks a folder for this process: two stacks writing to the same one would lose each other's changes. A lock left
 * behind by a process that has ended is ignored, and one of a process that is ending is waited for. Returns a function
 * that unlocks; throws if the folder is in use.
 */
export async function lockFolder(folder: string, { attempts, pauseMs } = patience): Promise<() => void> {
  mkdirSync(folder, { recursive: true });
  const path = join(resolve(folder), 'lock');
  for (let attempt = 1; attempt < attempts && isHeldByAnother(path); attempt += 1) await sleep(pauseMs);
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

function isHeldByAnother(path: string): boolean {
  const holder = holderOf(path);
  return holder !== undefined && holder !== process.pid;
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
    return process.kill(pid, 0) && !isZombie(pid);
  } catch (error) {
    // It is running, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether a process has ended, but its parent has not asked how. Linux shows that; elsewhere such a one is alive. */
function isZombie(pid: number): boolean {
  const state = /^\d+ \(.*\) (\S)/s.exec(readIfExists(`/proc/${pid}/stat`))?.[1];
  return state === 'Z' || state === 'X';
}
