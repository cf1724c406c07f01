import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bundled } from './main.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where all functions are kept as deployed, in `<function>/index.mjs`: one place, so Node's compile cache applies. */
export const bundlesFolder = join(root, 'node_modules/.cache/functions');

/** Says what was bundled, and from which sources. */
export const manifestPath = join(bundlesFolder, 'manifest.json');

export interface Manifest {
  readonly fingerprint: string;
  readonly bundled: Bundled;
}

/** Everything that goes into bundles, and what bundles it. */
const sources = ['functions', 'shared', 'infra', 'clients', 'package-lock.json'];

/** What was bundled, unless a source has changed since. */
export function keptBundles(): Bundled | undefined {
  try {
    const { fingerprint, bundled }: Manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
    return fingerprint === fingerprintOf(root) ? bundled : undefined;
  } catch {
    return undefined;
  }
}

/** Changes with every change of a source, by names, times and sizes. @param folder that has the sources */
export function fingerprintOf(folder = root): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    const stats = statSync(path);
    if (!stats.isDirectory()) {
      hash.update(`${path} ${stats.mtimeMs} ${stats.size}\n`);
      return;
    }
    for (const name of readdirSync(path).sort()) {
      if (name !== 'node_modules' && name !== 'dist') add(join(path, name));
    }
  };
  for (const source of sources) add(join(folder, source));
  return hash.digest('hex');
}
