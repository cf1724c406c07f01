import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder } from '../../../local-aws/folder-lock.ts';

let folder: string;
const started = new Set<ChildProcess>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-lock-'));
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  started.clear();
  await rm(folder, { recursive: true });
});

function start(script: string): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.add(child);
  return child;
}

const holder = () => readFile(join(folder, 'lock'), 'utf8');
const heldBy = (pid: unknown) => writeFile(join(folder, 'lock'), String(pid));

it('is refused while another process has the lock', async () => {
  const { pid } = start('exec sleep 600');
  await heldBy(pid);

  const lock = lockFolder(folder, { attempts: 2, pauseMs: 1 });

  await expect(lock).rejects.toThrow(`${folder} is in use by process ${pid}`);
});

it('waits for a process that is about to end', async () => {
  const child = start('exec sleep 600');
  await heldBy(child.pid);

  const lock = lockFolder(folder, { attempts: 10_000, pauseMs: 1 });
  child.kill('SIGKILL');
  await lock;

  expect(await holder()).toBe(String(process.pid));
});

it.runIf(process.platform === 'linux')(
  'takes a process that nobody has asked how it ended for dead',
  async () => {
    // `sleep` takes the shell's place, and never asks after the shell's child.
    const parent = start('sleep 0 & echo $!; exec sleep 600');
    const [pid] = await once(parent.stdout ?? parent, 'data');
    await heldBy(String(pid).trim());
    const statOf = () => readFile(`/proc/${String(pid).trim()}/stat`, 'utf8');
    await expect.poll(statOf).toMatch(/\) Z /);

    await lockFolder(folder, { attempts: 1, pauseMs: 0 });

    expect(await holder()).toBe(String(process.pid));
  },
);
