import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StateFile } from '../../../local-aws/state-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const content = () => JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));

/** A file of a number, and how often that number was read. */
function counted() {
  const state = { number: 0, reads: 0 };
  const file = new StateFile(folder, 'state.json', () => {
    state.reads += 1;
    return state.number;
  });
  const change = () => {
    state.number += 1;
    file.changed();
  };
  return { file, state, change };
}

it('a change is in the file once it is saved', async () => {
  const { file, change } = counted();
  change();

  await file.saved();

  expect(content()).toBe(1);
  expect(readdirSync(folder)).toEqual(['state.json']);
});

it('a change during a write is saved by the next one', async () => {
  const { file, change } = counted();
  change();
  const first = file.saved();
  await Promise.resolve();
  change();

  await file.saved();

  expect(content()).toBe(2);
  await first;
});

it('changes that wait share a write', async () => {
  const { file, change, state } = counted();
  change();
  const first = file.saved();
  await Promise.resolve();
  const others = Array.from({ length: 20 }, () => {
    change();
    return file.saved();
  });

  await Promise.all([first, ...others]);

  expect(content()).toBe(21);
  expect(state.reads).toBe(2);
});

it('nothing is written while nothing has changed', async () => {
  const { file, change, state } = counted();
  change();
  await file.saved();

  await file.saved();

  expect(state.reads).toBe(1);
});

it('someone who only looks waits for the write under way', async () => {
  const { file, change } = counted();
  change();
  void file.saved();
  await Promise.resolve();

  await file.saved();

  expect(content()).toBe(1);
});

it('what could not be written is not taken for saved, and is written later', async () => {
  const { file, change } = counted();
  const obstacle = join(folder, 'state.json.partial');
  mkdirSync(obstacle);
  change();
  await expect(file.saved()).rejects.toThrow('EISDIR');
  await expect(file.saved()).rejects.toThrow('EISDIR');
  rmSync(obstacle, { recursive: true });

  await file.saved();

  expect(content()).toBe(1);
});
