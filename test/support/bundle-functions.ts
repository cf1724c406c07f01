import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { type Bundled, bundleAllFunctions } from '../../infra/bundle/main.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The functions' bundles as deployed, in `<directory>/<function>/index.mjs`. */
    readonly functions: Bundled & { readonly directory: string };
  }
}

/** Always the same folder, so that Node's compile cache applies. */
const directory = fileURLToPath(new URL('../../node_modules/.cache/functions', import.meta.url));

/** Bundles all functions, once for all projects. */
export async function setup({ vitest }: TestProject): Promise<void> {
  const root = vitest.getRootProject();
  if ('functions' in root.getProvidedContext()) return;
  root.provide('functions', { directory, ...(await bundleAll()) });
}

/** Replaces each file atomically, as other tests may be running. */
async function bundleAll(): Promise<Bundled> {
  mkdirSync(directory, { recursive: true });
  const fresh = mkdtempSync(`${directory}-`);
  try {
    const bundled = await bundleAllFunctions(fresh);
    for (const { operation } of bundled.bundles) {
      mkdirSync(`${directory}/${operation}`, { recursive: true });
      renameSync(`${fresh}/${operation}/index.mjs`, `${directory}/${operation}/index.mjs`);
    }
    return bundled;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
