import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { bundlesFolder, fingerprintOf, keptBundles, type Manifest, manifestPath } from './kept-bundles.ts';
import { type Bundled, bundleAllFunctions } from './main.ts';

/**
 * Bundles all functions unless nothing has changed since the last time. Replaces each file atomically, as the local AWS
 * or tests may be running.
 */
export async function keepBundles(): Promise<Bundled> {
  const kept = keptBundles();
  if (kept !== undefined) return kept;
  const fingerprint = fingerprintOf();
  mkdirSync(bundlesFolder, { recursive: true });
  const fresh = mkdtempSync(`${bundlesFolder}-`);
  try {
    const bundled = await bundleAllFunctions(fresh);
    for (const { operation } of bundled.bundles) {
      mkdirSync(`${bundlesFolder}/${operation}`, { recursive: true });
      renameSync(`${fresh}/${operation}/index.mjs`, `${bundlesFolder}/${operation}/index.mjs`);
    }
    writeFileSync(`${fresh}/manifest.json`, JSON.stringify({ fingerprint, bundled } satisfies Manifest));
    renameSync(`${fresh}/manifest.json`, manifestPath);
    return bundled;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (import.meta.main) await keepBundles();
