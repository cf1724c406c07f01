import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { fingerprintOf, keptBundles } from '../../infra/bundle/kept-bundles.ts';
import { bundledModules } from '../../local-aws/bundled-modules.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'));
  for (const name of ['functions', 'shared/lib', 'infra', 'clients/portal/dist', 'clients/node_modules']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, 'shared/lib/clock.ts'), 'export {};');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('bundles are made again after', () => {
  it.each([
    ['a change', 'shared/lib/clock.ts'],
    ['another file', 'functions/new.ts'],
    ['an update of a library', 'package-lock.json'],
  ])('%s', (_, path) => {
    const before = fingerprintOf(folder);
    writeFileSync(join(folder, path), '{ "longer": true }');
    expect(fingerprintOf(folder)).not.toBe(before);
  });

  it('a file is removed', () => {
    const before = fingerprintOf(folder);
    rmSync(join(folder, 'shared/lib/clock.ts'));
    expect(fingerprintOf(folder)).not.toBe(before);
  });
});

it.each(['clients/portal/dist/page.html', 'clients/node_modules/x.js', 'README.md'])(
  'they are kept when only %s changes',
  (path) => {
    const before = fingerprintOf(folder);
    writeFileSync(join(folder, path), 'changed');
    expect(fingerprintOf(folder)).toBe(before);
  },
);

it('what the tests have bundled is what the local AWS runs', async () => {
  const { directory, bundles } = inject('functions');
  expect(keptBundles()?.bundles).toEqual(bundles);
  expect((await bundledModules()('get-me')).pathname).toBe(`${directory}/get-me/index.mjs`);
});

it('bundling that failed is tried again, and done once', async () => {
  let times = 0;
  const moduleOf = bundledModules(async () => {
    times += 1;
    if (times === 1) throw new Error('It does not compile');
  });
  await expect(moduleOf('get-me')).rejects.toThrow('It does not compile');
  await Promise.all([moduleOf('get-me'), moduleOf('get-health')]);
  expect(times).toBe(2);
});
