import type { TestProject } from 'vitest/node';
import { keepBundles } from '../../infra/bundle/keep-bundles.ts';
import { bundlesFolder } from '../../infra/bundle/kept-bundles.ts';
import type { Bundled } from '../../infra/bundle/main.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The functions' bundles as deployed, in `<directory>/<function>/index.mjs`. */
    readonly functions: Bundled & { readonly directory: string };
  }
}

/** Bundles all functions, once for all projects. */
export async function setup({ vitest }: TestProject): Promise<void> {
  const root = vitest.getRootProject();
  if ('functions' in root.getProvidedContext()) return;
  root.provide('functions', { directory: bundlesFolder, ...(await keepBundles()) });
}
